/** Connections that begin at the same time and have not written yet. */
const MAX_SEEN = 1_000;

/**
 * The ends of journals that were read and not written to since, the oldest forgotten first: an actor reads its journal,
 * asks for its end and appends, and the end is looked for once.
 */
export class SeenTails {
  readonly #tails = new Map<string, number>();

  get(pid: string): number | undefined {
    return this.#tails.get(pid);
  }

  set(pid: string, sn: number): void {
    const [oldest] = this.#tails.size < MAX_SEEN ? [] : this.#tails.keys();
    if (oldest !== undefined) this.#tails.delete(oldest);
    this.#tails.set(pid, sn);
  }
}
