// What the views of one batch share: its rows, its buffers with their readers, its resources and scopes once decoded.

import { Found } from "./found.ts";
import { bufferShift, type Layout, resourceRow, scopeRow } from "./layout.ts";
import { ResourceView, ScopeView } from "./origin.ts";
import { Source } from "./source.ts";

export class Reading {
  readonly items: Uint32Array;
  readonly found: Found = new Found();
  private readonly layout: Layout;
  private readonly sources: (Source | undefined)[] = [];
  private readonly resources: (ResourceView | undefined)[] = [];
  private readonly scopes: (ScopeView | undefined)[] = [];

  constructor(layout: Layout) {
    this.layout = layout;
    this.items = layout.items;
  }

  /** The buffer that an item is in, from its `meta`. */
  sourceOf(meta: number): Source {
    return this.source(meta >>> bufferShift);
  }

  resourceSource(row: number): Source {
    return this.source(this.layout.resources[row * resourceRow]!);
  }

  private source(buffer: number): Source {
    let source = this.sources[buffer];
    if (source === undefined) {
      source = new Source(this.layout.buffers[buffer]!);
      this.sources[buffer] = source;
    }
    return source;
  }

  resource(row: number): ResourceView {
    let view = this.resources[row];
    if (view === undefined) {
      const { resources } = this.layout;
      const at = row * resourceRow;
      view = new ResourceView(this.source(resources[at]!), resources[at + 1]!, resources[at + 2]!);
      this.resources[row] = view;
    }
    return view;
  }

  resourceOf(scope: number): ResourceView {
    return this.resource(this.layout.scopes[scope * scopeRow + 3]!);
  }

  scope(row: number): ScopeView {
    let view = this.scopes[row];
    if (view === undefined) {
      const { scopes } = this.layout;
      const at = row * scopeRow;
      view = new ScopeView(this.source(scopes[at]!), scopes[at + 1]!, scopes[at + 2]!);
      this.scopes[row] = view;
    }
    return view;
  }
}
