import { Option } from 'commander';

export interface ConfigOption {
  config?: string;
}

export const configOption = (): Option =>
  new Option('--config <file>', 'the configuration; also NIGHTDESK_CONFIG; else ./nightdesk.yaml');
