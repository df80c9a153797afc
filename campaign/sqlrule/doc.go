// Package sqlrule x.
package sqlrule
