// The answer as it is being written: one document, every edit undoable.

const STEPS_MAX = 100;
const TOGETHER_MS = 900;

/** `change(act, { together })` edits a copy; edits of the same `together` in a row are one step. */
export function store(first) {
  let now = structuredClone(first);
  let past = [];
  let future = [];
  let last = { together: "", at: 0 };
  const listeners = [];

  const tell = (change) => { for (const listener of listeners) listener(now, change); };

  function change(act, { together = "", quiet = false } = {}) {
    const next = structuredClone(now);
    act(next);
    if (JSON.stringify(next) === JSON.stringify(now)) return;
    const at = performance.now();
    const joins = together && together === last.together && at - last.at < TOGETHER_MS && past.length;
    if (!joins) past = [...past, now].slice(-STEPS_MAX);
    last = { together, at };
    future = [];
    now = next;
    tell({ quiet });
  }

  function move(from, to) {
    if (!from.length) return false;
    to.push(now);
    now = from.pop();
    last = { together: "", at: 0 };
    tell({ quiet: false, moved: true });
    return true;
  }

  return {
    get: () => now,
    change,
    undo: () => move(past, future),
    redo: () => move(future, past),
    canUndo: () => past.length > 0,
    canRedo: () => future.length > 0,
    /** Something came from elsewhere (another window, a kept draft); it can be undone too. */
    replace: (document_) => change((copy) => { for (const key of Object.keys(copy)) delete copy[key]; Object.assign(copy, structuredClone(document_)); }),
    watch: (listener) => listeners.push(listener),
  };
}
