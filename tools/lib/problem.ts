// A failure that the user can do something about: its message is the whole output.

/** Says what is wrong and what to do; shown without a stack trace. */
export class Problem extends Error {}

/**
 * Run a tool's main function; a Problem becomes its sentence and exit code 1.
 * @param main resolves to the exit code, 0 where it gives none
 */
export async function runMain(main: () => Promise<number | undefined> | Promise<void>) {
	try {
		process.exitCode = (await main()) ?? 0;
	} catch (error) {
		if (error instanceof Problem) console.error(`\n${error.message}`);
		else console.error(error);
		process.exitCode = 1;
	}
}

/** The text of anything thrown. */
export function messageOf(error: unknown) {
	return error instanceof Error ? error.message : String(error);
}

/** The system's code of an error (`ENOENT`, `EADDRINUSE`, ...), or an empty text. */
export function codeOf(error: unknown) {
	return error instanceof Error && 'code' in error ? String(error.code) : '';
}
