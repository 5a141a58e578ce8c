import type { SingleHandler } from '@hawser/actors';
import type { EncryptionMigration } from '@hawser/persistence';

/** `/user/connectivityRoot/encryptionMigration` (connectivity/service/.../migration/EncryptionMigrationActor.java). */
export const migrationSingle =
  (migration: EncryptionMigration): SingleHandler =>
  (command, headers) => {
    switch (command.type) {
      case 'connectivity.commands:migrateEncryption':
        return migration.migrate(command.dryRun, command.resume).then((json) => ({ json, headers }));
      case 'connectivity.commands:migrateEncryptionStatus':
        return migration.status().then((json) => ({ json, headers }));
      case 'connectivity.commands:migrateEncryptionAbort':
        return migration.abort().then((json) => ({ json, headers }));
      default:
        return undefined;
    }
  };
