/** An instant as Java prints it: UTC, with a fraction only where there is one. */
export function instantText(ms: number): string {
  return new Date(ms).toISOString().replace('.000Z', 'Z');
}
