import { writeChange } from "../lib/charter/change.js";
import { diffVersions, historyOf, listDocuments, showDocument } from "../lib/charter/show.js";
import { hasColours, type Stored, withStore } from "./motions-actions.js";

type Named = Stored & { readonly document: string };

export const list = withStore((session, store) => listDocuments({ session, store }));

export const show = withStore((session, store, options: Named & { at: string; out: string }) =>
  showDocument({ session, store }, options.document, options.at, options.out),
);

export const history = withStore((session, store, options: Named & { clause: string }) =>
  historyOf({ session, store }, options.document, options.clause),
);

export const diff = withStore((session, store, options: Named & { before: string; after: string }) =>
  diffVersions({ session, store }, options.document, [options.before, options.after], hasColours()),
);

export const change = withStore(
  (session, store, options: Named & { kind: string; clause: string; text: string; out: string }) =>
    writeChange({ session, store }, { ...options, file: options.text }),
);
