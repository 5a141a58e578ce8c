/** JSON Schema (draft 2020-12) of a Ditto error (base/model/.../exceptions/DittoRuntimeException.java). */
export const errorSchema = {
  title: 'Error',
  description: 'What was refused, and what to do about it. Absent parts are left out.',
  type: 'object',
  properties: {
    status: { type: 'integer', minimum: 300, maximum: 599, description: 'The HTTP status.' },
    error: {
      type: 'string',
      description: 'Code of the error.',
      examples: ['connectivity:connection.notfound'],
    },
    message: { type: 'string', description: 'What was refused.' },
    description: { type: 'string', description: 'What to do about it.' },
    href: { type: 'string', description: 'Where to read more.' },
  },
  required: ['status', 'error', 'message'],
} as const;
