/** The documents of ERC-4824, as far as their fields are said there. */

export const CONTEXT = "https://www.daostar.org/schemas";

interface Frame {
  readonly "@context": typeof CONTEXT;
  readonly type: "DAO";
  readonly name: string;
}

/** Where a document was read: everybody who asks the same block gets the same bytes. */
export interface Origin {
  readonly chain: string;
  readonly block: number;
  readonly blockHash: string;
}

/** An account, by CAIP-10. */
export interface Account {
  readonly type: "EthereumAddress";
  readonly id: string;
}

export interface DaoDocument extends Frame {
  readonly description: string;
  readonly membersURI: string;
  readonly proposalsURI: string;
  readonly activityLogURI: string;
  readonly governanceURI: string;
  readonly contractsURI: string;
}

export interface MembersDocument extends Frame {
  readonly origin: Origin;
  readonly members: readonly (Account & { readonly number: number; readonly group: string })[];
}

export interface ProposalsDocument extends Frame {
  readonly origin: Origin;
  readonly proposals: readonly {
    readonly type: "proposal";
    readonly id: string;
    readonly name: string;
    readonly contentURI: string;
    /** The text itself, where it stands on chain and nowhere else: `contentURI` is then this document. */
    readonly content?: string;
    readonly status: string;
    readonly calls: readonly {
      readonly type: "CallDataEVM";
      readonly operation: "call";
      readonly from: string;
      readonly to: string;
      readonly value: string;
      readonly data: string;
    }[];
  }[];
}

export interface ActivityDocument extends Frame {
  readonly origin: Origin;
  readonly activities: readonly {
    readonly id: string;
    readonly type: "activity";
    readonly proposal: { readonly type: "proposal"; readonly id: string };
    readonly member: Account;
  }[];
}

export interface ContractsDocument extends Frame {
  readonly origin: Origin;
  readonly contracts: readonly (Account & { readonly name: string; readonly description: string })[];
}
