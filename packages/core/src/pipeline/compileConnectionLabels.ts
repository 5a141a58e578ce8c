import { alone } from '../placeholders/placeholder.ts';
import { connectionPlaceholder } from '../placeholders/placeholders.ts';
import { compileTemplate } from '../placeholders/template.ts';

/** Acknowledgement labels with `{{ connection:id }}` resolved; those that do not resolve are left out. */
export const resolveLabels = (labels: readonly string[], connectionId: string): readonly string[] =>
  labels.flatMap((label) => {
    const resolved = compileTemplate(label, alone(connectionPlaceholder)).first({ connectionId });
    return resolved === undefined ? [] : [resolved];
  });
