// Where things lie, whatever the current folder is.
import { fileURLToPath } from 'node:url';

/** The repository's root folder, absolute. */
export const repoRoot = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');
/** The built site. */
export const buildDir = fileURLToPath(new URL('../../build', import.meta.url));
/** The model packages, one folder each, and index.json. */
export const modelsDir = fileURLToPath(new URL('../../static/models', import.meta.url));
/** The pictures that the web manifest names. */
export const screenshotsDir = fileURLToPath(new URL('../../static/screenshots', import.meta.url));
