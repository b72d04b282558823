/** Reads JPEG XL files. */
import { boxReader } from '../boxes';

export const reader = boxReader('image/jxl', 'JPEG XL');
