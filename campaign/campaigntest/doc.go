// Package campaigntest proves.
package campaigntest
