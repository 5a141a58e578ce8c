import type { SingleHandler } from '@hawser/actors';
import type { Config } from './config/config.ts';
import { configAt } from './config/configAt.ts';

/** `/user/devOpsCommandsActor` as far as it takes piggyback commands (base/service/.../devops/DevOpsCommandsActor.java). */
export const devOpsCommands =
  (config: Config): SingleHandler =>
  (command, headers) => {
    if (command.type !== 'common.commands:retrieveConfig') return undefined;
    const { path } = command;
    const found = configAt(config, path) ?? {
      error: `No configuration setting found for key '${path ?? ''}'`,
    };
    return { json: { type: 'common.responses:retrieveConfig', status: 200, config: found }, headers };
  };
