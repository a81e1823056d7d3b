/** What three movers, an author and the members can do about three amendments to one motion. */
export type Deed =
  | { readonly act: "move"; readonly kind: "ordinary" | "substitute" | "below"; readonly parent?: number }
  | { readonly act: "accept" | "withdraw" | "rebase"; readonly one: number }
  | { readonly act: "close" | "put" | "adopt" | "reject" | "finish" };

/** A deed as a word, for the name of a path. */
export const wordOf = (deed: Deed): string => {
  if (deed.act === "move")
    return `move ${deed.kind}${deed.parent === undefined ? "" : ` ${deed.parent + 1}`}`;
  return "one" in deed ? `${deed.act} ${deed.one + 1}` : deed.act;
};

export type Phase = "open" | "put" | "adopted" | "accepted" | "rejected" | "withdrawn" | "lapsed";

/** An amendment: the text that it is written against, by a name that no other text has. */
interface Life {
  phase: Phase;
  substitute: boolean;
  /** Index of the amendment that it amends; undefined for the motion. */
  parent: number | undefined;
  base: string;
  text: string;
  /** Hour in which its text came to be. */
  since: number;
}

/** How long things last, in hours. */
export interface Pace {
  readonly notice: number;
  readonly window: number;
  readonly rebase: number;
  /** From the put of a question to its rejection, and to its execution. */
  readonly rejection: number;
  readonly adoption: number;
}

/** How many amendments are moved. */
export const LIVES = 3;

/**
 * The rules of amendments once more, in as few words as they can be said in, without digests, numbers or storage. Time is
 * counted in whole hours, and nothing but deeds takes any.
 */
export class Lives {
  hour = 0;
  lives: Life[] = [];
  text = "author";
  closesAt: number;
  rebaseUntil = -1;
  question: number | undefined;
  isOver = false;
  #texts = 0;

  constructor(readonly pace: Pace) {
    this.closesAt = pace.notice;
  }

  copy(): Lives {
    const copy = new Lives(this.pace);
    const { hour, text, closesAt, rebaseUntil, question, isOver } = this;
    Object.assign(copy, { hour, text, closesAt, rebaseUntil, question, isOver });
    copy.lives = this.lives.map((life) => ({ ...life }));
    copy.#texts = this.#texts;
    return copy;
  }

  get isTabled(): boolean {
    return this.hour < this.closesAt;
  }

  /** The amendment's life. */
  life(index: number): Life {
    return this.lives[index] as Life;
  }

  isStale(index: number): boolean {
    const { parent, base } = this.life(index);
    if (parent === undefined) return base !== this.text;
    return !this.isCurrent(parent) || base !== this.life(parent).text;
  }

  /** Open, and against the text as it is. */
  isCurrent(index: number): boolean {
    return this.life(index).phase === "open" && !this.isStale(index);
  }

  /** Open or stale in time, and not before the members. */
  isLive(index: number): boolean {
    return (
      this.life(index).phase === "open" &&
      (!this.isStale(index) || this.isTabled || this.hour <= this.rebaseUntil)
    );
  }

  /** Whose turn it is, in the order of the rules. */
  get next(): number | undefined {
    const rank = ({ parent, substitute }: Life) => (parent !== undefined ? 0 : substitute ? 2 : 1);
    const current = this.lives.map((_, index) => index).filter((index) => this.isCurrent(index));
    return current.sort((a, b) => rank(this.life(a)) - rank(this.life(b)) || a - b)[0];
  }

  /** From when the next can be put, or the motion itself if there is none. */
  get due(): number {
    const waits = this.lives.some((_, index) => this.isLive(index) && this.isStale(index));
    const free = waits ? Math.max(this.hour, this.rebaseUntil + 1) : this.hour;
    const next = this.next;
    return next === undefined ? free : Math.max(free, this.life(next).since + this.pace.window + 1);
  }

  /** Everything that can be done now. */
  deeds(): Deed[] {
    if (this.isOver) return [];
    if (this.question !== undefined) return [{ act: "adopt" }, { act: "reject" }];
    const deeds: Deed[] = [];
    if (this.isTabled && this.lives.length < LIVES) {
      deeds.push({ act: "move", kind: "ordinary" }, { act: "move", kind: "substitute" });
      for (const [parent, { parent: above }] of this.lives.entries()) {
        if (above === undefined && this.isCurrent(parent)) deeds.push({ act: "move", kind: "below", parent });
      }
    }
    for (const [one, { since }] of this.lives.entries()) {
      if (!this.isLive(one)) continue;
      if (this.isStale(one)) deeds.push({ act: "rebase", one });
      else if (this.hour <= since + this.pace.window) deeds.push({ act: "accept", one });
      deeds.push({ act: "withdraw", one });
    }
    if (this.isTabled) {
      if (this.lives.length === LIVES) deeds.push({ act: "close" });
    } else {
      deeds.push({ act: this.next === undefined ? "finish" : "put" });
    }
    return deeds;
  }

  /** What comes of a deed that can be done. */
  after(deed: Deed): Lives {
    const then = this.copy();
    then.#do(deed);
    return then;
  }

  /** What the future depends on: two states with the same one have the same paths before them. */
  get key(): string {
    const left = (moment: number) => Math.max(-1, moment - this.hour);
    const lives = this.lives.map((life, index) => {
      const isDone = life.phase !== "open" && life.phase !== "put";
      if (isDone || (life.phase === "open" && !this.isLive(index))) return "-";
      const stale = this.isStale(index);
      const { parent } = life;
      const above = parent === undefined ? "" : this.life(parent).phase === "open" ? `^${parent}` : "^";
      const window = stale ? "~" : left(life.since + this.pace.window);
      return `${life.phase[0]}${life.substitute ? "s" : ""}${above}${window}`;
    });
    const rebase = this.lives.some((_, index) => this.isLive(index)) ? left(this.rebaseUntil) : "";
    return [this.isTabled ? left(this.closesAt) : 0, rebase, this.question ?? "", this.isOver, ...lives].join(
      "|",
    );
  }

  #do(deed: Deed): void {
    switch (deed.act) {
      case "move": {
        const { parent } = deed;
        const base = parent === undefined ? this.text : this.life(parent).text;
        const substitute = deed.kind === "substitute";
        const text = this.#write(`mover ${this.lives.length + 1}`);
        this.lives.push({ phase: "open", substitute, parent, base, text, since: this.hour });
        break;
      }
      case "accept":
        this.#apply(deed.one, "accepted");
        this.#reopen(deed.one);
        break;
      case "withdraw":
        this.#drop();
        this.life(deed.one).phase = "withdrawn";
        this.#move();
        break;
      case "rebase": {
        const life = this.life(deed.one);
        if (life.parent !== undefined && !this.isCurrent(life.parent)) life.parent = undefined;
        life.base = life.parent === undefined ? this.text : this.life(life.parent).text;
        life.text = this.#write(`mover ${deed.one + 1}`);
        life.since = this.hour;
        this.#move();
        break;
      }
      case "close":
        this.hour = this.closesAt;
        break;
      case "put":
        this.hour = this.due;
        this.#drop();
        this.question = this.next as number;
        this.life(this.question).phase = "put";
        break;
      case "adopt":
        this.hour += this.pace.adoption;
        this.#apply(this.question as number, "adopted");
        this.question = undefined;
        break;
      case "reject":
        this.hour += this.pace.rejection;
        this.life(this.question as number).phase = "rejected";
        this.question = undefined;
        break;
      case "finish":
        this.hour = this.due;
        this.#drop();
        this.isOver = true;
    }
  }

  #write(by: string): string {
    this.#texts += 1;
    return `${by}, text ${this.#texts}`;
  }

  /** What was not rebased in time has lapsed, once the motion is closed. */
  #drop(): void {
    const late = this.lives.filter(({ phase }, index) => phase === "open" && !this.isLive(index));
    for (const life of late) life.phase = "lapsed";
  }

  /** A text has moved on: what is stale now has time to be rebased. */
  #move(): void {
    if (this.lives.some(({ phase }) => phase === "open")) this.rebaseUntil = this.hour + this.pace.rebase;
  }

  #apply(index: number, phase: Phase): void {
    this.#drop();
    const life = this.life(index);
    life.phase = phase;
    if (life.parent === undefined) {
      this.text = life.text;
    } else {
      const target = this.life(life.parent);
      [target.text, target.since] = [life.text, this.hour];
    }
    this.#move();
  }

  /** The author's acceptance is an edit: the motion is open for the whole notice again. */
  #reopen(index: number): void {
    if (this.life(index).parent === undefined) this.closesAt = this.hour + this.pace.notice;
  }
}
