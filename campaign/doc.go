// Package campaign answers: whom does a campaign address, and who is kept out of it so that its
// effect can be seen?
//
// # Steps
//
//  1. A rule of package [rule] says who is meant, over the shop's own customer struct.
//  2. A [HoldOut] names the share of customers that will not hear of the campaign, and its salt.
//  3. [Select] asks the rule of every customer at one instant and freezes an [Audience]: ids to address,
//     ids held out, and a [Preview] of the rest.
//
// # Words
//
// A customer is matched if the rule is true of them, rejected if it is false, and undecided if a fact is
// missing that it turns on; an undecided customer is never addressed, and the preview counts them by
// the fact they lack. The matched are treated, or they are control if they are held out. A share is in
// parts per million.
//
// Everything here is a function of its arguments: the same customers, instant, salt and share give the
// same audience on every machine, and a [Audience.Trace] that shows it. Nothing reads a clock or a
// database. To let the database find the customers, see package sqlrule; to prove that it finds the
// same ones, package campaigntest.
package campaign
