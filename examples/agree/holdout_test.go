package agree

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/regulars-go/regulars/campaign"
)

// The bucket of a hold-out in SQL: the arguments are the salt and the id.
var buckets = map[string]string{
	"PostgreSQL": `SELECT floor((
			get_byte(h, 0) * 72057594037927936::numeric + get_byte(h, 1) * 281474976710656::numeric +
			get_byte(h, 2) * 1099511627776::numeric + get_byte(h, 3) * 4294967296::numeric +
			get_byte(h, 4) * 16777216::numeric + get_byte(h, 5) * 65536::numeric +
			get_byte(h, 6) * 256::numeric + get_byte(h, 7)
		) * 1000000 / 18446744073709551616)
		FROM (SELECT sha256(convert_to($1, 'UTF8') || '\x00'::bytea || convert_to($2, 'UTF8')) AS h) AS hashed`,
	"MariaDB": `SELECT CAST(CONV(LEFT(SHA2(CONCAT(?, CHAR(0), ?), 256), 16), 16, 10) AS DECIMAL(20, 0)) * 1000000
		DIV 18446744073709551616`,
}

func TestBucketsInSQL(t *testing.T) {
	for _, e := range engines {
		query, ok := buckets[e.name]
		if !ok {
			continue // SQLite has no SHA-256
		}
		t.Run(e.name, func(t *testing.T) {
			db := e.open(t)
			for _, salt := range []string{"summer-2025", "冬季"} {
				for i := range 200 {
					id := "cust-" + strconv.Itoa(i) + "é"
					want, err := campaign.Bucket(salt, id)
					require.NoError(t, err)
					var got int
					require.NoError(t, db.QueryRow(query, salt, id).Scan(&got))
					assert.Equal(t, want, got, "%s %s", salt, id)
				}
			}
		})
	}
}
