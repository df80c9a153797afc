// Package campaign selects.
package campaign
