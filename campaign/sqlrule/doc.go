// Package sqlrule turns one rule into a WHERE, so that the database finds the customers a rule selects
// instead of handing over all of them.
//
// # Steps
//
//  1. A [Config] says where each field of the schema is: the column and how it represents the fact.
//     [New] checks it against the schema and compiles it.
//  2. [Mapping.Where] translates a rule for one instant: SQL for PostgreSQL, MariaDB or SQLite, its
//     arguments, and a residual rule for what the database cannot answer.
//  3. The caller runs the query, and keeps the rows of which [Where.Keep] is true.
//
// # What holds
//
// A rule's three values are those of SQL: unknown is NULL, and All, Any and Not are AND, OR and NOT.
// Where everything is mapped, the SQL is true, false and NULL for exactly the customers for whom the
// rule is true, false and unknown. Where something is not, the SQL never loses a customer the rule
// selects, and the residual sorts out those it selects too many. Package campaigntest proves both on the
// caller's own table.
//
// Values only ever travel as arguments, and identifiers only come from the mapping, quoted. Dates are
// worked out in Go and bound as plain bounds: engines disagree about a month from 31 January, and
// about much else that is settled here:
//
//   - Text is compared byte by byte, as UTF-8, whatever the column's collation and character set.
//   - Money is bound as text with a cast, never as a float. SQLite has no exact decimal, so there money
//     must be an integer of minor units; amounts between two units are compared rightly.
//   - Instants have microseconds. In a column of whole seconds or milliseconds bounds are rounded so
//     that no stored instant changes sides.
//   - A word that is not one of a ranked field's is a missing fact, as in memory.
//   - Labels that are NULL are unknown; an empty set is known to hold nothing.
//   - A rule of many values stays within the number of arguments the engine takes: conditions beyond it
//     are left to the residual.
//
// NULL must mean what a missing fact means to the getters of the schema. If those treat an empty text
// or a zero date as missing, the column needs NULL there, or a generated column does.
//
// The package imports no driver; the SQL works with database/sql or any other.
package sqlrule
