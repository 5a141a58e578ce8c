/** An entity tag of RFC 7232 (base/model/.../headers/entitytag/EntityTag.java). */
export interface EntityTag {
  readonly isWeak: boolean;
  /** With its quotes. */
  readonly opaqueTag: string;
}

/** `*` or a tag. */
export type EntityTagMatcher = '*' | EntityTag;

const ENTITY_TAG = /^(W\/)?("[^"*]*")$/;

/** `undefined` for a text that is no entity tag. */
export function parseEntityTag(text: string): EntityTag | undefined {
  const match = ENTITY_TAG.exec(text);
  return match?.[2] === undefined ? undefined : { isWeak: match[1] !== undefined, opaqueTag: match[2] };
}

/** The comma-separated value of `if-match` and `if-none-match`, in its parts. */
export const splitEntityTags = (value: string): readonly string[] =>
  value.split(',').map((part) => part.trim());

export const parseMatcher = (text: string): EntityTagMatcher | undefined =>
  text === '*' ? '*' : parseEntityTag(text);

export const entityTagText = (matcher: EntityTagMatcher): string =>
  matcher === '*' ? '*' : `${matcher.isWeak ? 'W/' : ''}${matcher.opaqueTag}`;

/** The strong tag of an entity at a revision. */
export const revisionTag = (revision: number): EntityTag => ({
  isWeak: false,
  opaqueTag: `"rev:${revision}"`,
});

export const matchesStrongly = (matcher: EntityTagMatcher, tag: EntityTag): boolean =>
  matcher === '*' || (!matcher.isWeak && !tag.isWeak && matcher.opaqueTag === tag.opaqueTag);

export const matchesWeakly = (matcher: EntityTagMatcher, tag: EntityTag): boolean =>
  matcher === '*' || matcher.opaqueTag === tag.opaqueTag;
