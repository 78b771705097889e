import { Token } from '@lumino/coreutils';

import { PixiModel } from './model';

/** The one model of an application; everything that shows something listens to it. */
export type IPixi = PixiModel;

export const IPixi = new Token<IPixi>(
  'pixi-jupyter:IPixi',
  'The pixi workspace of the current notebook or folder'
);
