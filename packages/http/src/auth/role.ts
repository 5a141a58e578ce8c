/** What a user may do: everything, or only look. */
export type Role = 'full' | 'read-only';
