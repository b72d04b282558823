import js from '@eslint/js';
import svelte from 'eslint-plugin-svelte';
import globals from 'globals';
import ts from 'typescript-eslint';
import svelteConfig from './svelte.config.js';

/** @type {import('eslint').Linter.RulesRecord} */
const NO_CHECK_OF_ANY = {
	'@typescript-eslint/no-unsafe-argument': 'off',
	'@typescript-eslint/no-unsafe-assignment': 'off',
	'@typescript-eslint/no-unsafe-call': 'off',
	'@typescript-eslint/no-unsafe-member-access': 'off',
	'@typescript-eslint/no-unsafe-return': 'off'
};

export default ts.config(
	{
		ignores: [
			'build/',
			'.svelte-kit/',
			'src/lib/paraglide/',
			// AssemblyScript, whose types are not TypeScript's.
			'src/lib/**/assembly/',
			'static/',
			'training-notebooks/',
			'out/',
			'test-results/'
		]
	},
	js.configs.recommended,
	...ts.configs.strict,
	...ts.configs.recommendedTypeChecked,
	...svelte.configs.recommended,
	{
		languageOptions: {
			globals: { ...globals.browser, ...globals.worker, ...globals.node },
			parserOptions: {
				projectService: true,
				tsconfigRootDir: import.meta.dirname,
				extraFileExtensions: ['.svelte']
			}
		},
		rules: {
			// TypeScript knows which names exist.
			'no-undef': 'off',
			// What a contract asks to be a promise may need no waiting.
			'@typescript-eslint/require-await': 'off',
			// Signatures of binary files are written as regular expressions.
			'no-control-regex': 'off',
			// Plain Map, Set and Date are used where nothing is drawn from them.
			'svelte/prefer-svelte-reactivity': 'off',
			// A sub-path is handled by relative paths and $app/paths' resolve where it matters.
			'svelte/no-navigation-without-resolve': 'off'
		}
	},
	{
		files: ['**/*.svelte', '**/*.svelte.ts'],
		languageOptions: { parserOptions: { parser: ts.parser, svelteConfig } }
	},
	{
		// These belong to no TypeScript project, or have their types in comments.
		files: ['*.config.js', '*.config.ts', 'src/service-worker.ts', '**/*.mjs'],
		...ts.configs.disableTypeChecked
	},
	{
		// In a component's markup the parser knows no types of callbacks: svelte-check checks them.
		files: ['**/*.svelte'],
		rules: NO_CHECK_OF_ANY
	},
	{
		// What a test looks at is often JSON or a mock; that no promise is forgotten is checked.
		files: ['tests/**'],
		rules: {
			...NO_CHECK_OF_ANY,
			'@typescript-eslint/no-non-null-assertion': 'off',
			// Widens the type of a value that a test changes later.
			'@typescript-eslint/no-unnecessary-type-assertion': 'off',
			'@typescript-eslint/unbound-method': 'off'
		}
	}
);
