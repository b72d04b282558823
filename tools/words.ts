// `npm run words`: compiles the message catalogue; the build does it by itself.
import { compile } from '@inlang/paraglide-js';
import { WORDS, writeProject } from './lib/words.ts';

writeProject();
await compile(WORDS);
// The compiler leaves timers behind that would hold the program for half a minute.
process.exit(0);
