// Tells how far a batch is, a line each tenth of the way.

/**
 * @param what in front of each line
 */
export function tellTenths(what: string = ''): (done: number, total: number) => void {
	let shown = -1;
	return (done, total) => {
		const tenth = total > 0 ? Math.floor((10 * done) / total) : 0;
		if (tenth === shown) return;
		shown = tenth;
		console.log(`${what}${done} of ${total}`);
	};
}
