// `npm run words`: compiles the message catalogue; the build does it by itself.
import { compile } from '@inlang/paraglide-js';
import { WORDS } from './lib/words.ts';

await compile(WORDS);
// The compiler leaves timers behind that would hold the program for half a minute.
process.exit(0);
