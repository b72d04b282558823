// @ts-check
/** How the message catalogue (`messages/`) is compiled to `src/lib/paraglide`. */
/** @satisfies {import('@inlang/paraglide-js').CompilerOptions} */
export const WORDS = {
	project: './project.inlang',
	outdir: './src/lib/paraglide',
	// The page says which language it is in (`language/locale.svelte.ts`).
	strategy: ['globalVariable', 'baseLocale'],
	emitReadme: false
};
