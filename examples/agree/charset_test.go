package agree

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/regulars-go/regulars/campaign/campaigntest"
)

// A column may have another character set than the connection: latin1 is what older MariaDB gives a table
// that names none.
func TestCharacterSetsAgree(t *testing.T) {
	var customers []*customer
	for i, s := range []string{"GD", "gd", "é", "e", "É", "é ", "Ã©", "ß", "ss", ""} {
		customers = append(customers, &customer{id: "c" + strconv.Itoa(i), region: &s, bought: []string{s, "x"}})
	}
	customers = append(customers, &customer{id: "c"})
	e := engines[2] // MariaDB
	tb := e.fill(t, customers)
	tb.exec(t, "ALTER TABLE "+tb.name+" MODIFY region VARCHAR(100) CHARACTER SET latin1")
	tb.exec(t, "ALTER TABLE "+tb.name+"_bought MODIFY label VARCHAR(100) CHARACTER SET latin1")
	p := tb.proof(t, tb.config())
	campaigntest.Agree(t, p)
	// What latin1 cannot hold is refused aloud, and not by losing those who match the rest.
	require.ErrorContains(t, p.CheckRule(shop.MustCompile(region.In("é", "广东"))), "Illegal mix of collations")
}
