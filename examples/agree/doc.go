// Package agree holds the proof that a rule selects the same customers in memory and in SQL: tests
// that ask SQLite always, PostgreSQL where REGULARS_POSTGRES and MariaDB where REGULARS_MARIADB names
// a database to make a table in.
package agree
