/** Reads AVIF files. The AV1 decoders of browsers refuse damaged data. */
import { boxReader } from '../boxes';

export const reader = boxReader('image/avif', 'AVIF');
