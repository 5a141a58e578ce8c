import { DittoError } from '../errors/dittoError.ts';
import { makeError } from '../errors/makeError.ts';

/** `connectivity:connection.configuration.invalid`; without a description the table's. */
export const configurationInvalid = (message: string, description?: string): DittoError =>
  makeError(
    'connectivity:connection.configuration.invalid',
    message,
    description === undefined ? {} : { description },
  );

/** Runs a check whose own error is told as one of the configuration, message and description kept. */
export function asConfigurationInvalid<T>(check: () => T, missingDescription?: string): T {
  try {
    return check();
  } catch (error) {
    if (!(error instanceof DittoError)) throw error;
    throw makeError('connectivity:connection.configuration.invalid', error.message, {
      description: error.description ?? missingDescription,
      cause: error,
    });
  }
}

/** A number as java.text.MessageFormat prints it. */
export const messageNumber = (value: number): string =>
  Number.isInteger(value) && value >= 0 && value < 1000 ? String(value) : value.toLocaleString('en-US');
