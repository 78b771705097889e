import { TranslationBundle } from '@jupyterlab/translation';

import { IError } from './wire';

/** What can be done about an error with one button. */
export interface IFix {
  label: string;
  verb: string;
  request: Record<string, unknown>;
}

/** Applies a fix; throws where that fails too. */
export type Fixing = (fix: IFix) => Promise<void>;

/** Find what would mend an error; null where only another try may help. */
export function fixOf(
  error: IError,
  environment: string,
  trans: TranslationBundle
): IFix | null {
  switch (error.code) {
    case 'prefix-broken':
    case 'prefix-missing':
    case 'clobber':
    case 'link':
    case 'hash-mismatch':
      return {
        label: trans.__('Repair'),
        verb: 'reinstall',
        request: { environments: [environment] }
      };
    case 'lock-outdated':
    case 'lock-not-found':
    case 'lock-parse':
    case 'package-not-locked':
      return { label: trans.__('Update lock'), verb: 'lock', request: {} };
    case 'overlay':
    case 'no-kernel':
      return {
        label: trans.__('Add ipykernel'),
        verb: 'add',
        request: { specs: ['ipykernel'] }
      };
    default:
      return null;
  }
}
