package rfm

import (
	"compress/gzip"
	"encoding/csv"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// rows reads a data set of real orders, or skips the test where there is none.
func rows(t *testing.T, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join("..", "..", "shared", "data", name))
	if err != nil {
		t.Skipf("the data set %s is not here; its README says where it comes from", name)
	}
	defer func() { require.NoError(t, f.Close()) }()
	z, err := gzip.NewReader(f)
	require.NoError(t, err)
	lines, err := csv.NewReader(z).ReadAll()
	require.NoError(t, err)
	var out []map[string]string
	for _, line := range lines[1:] {
		row := map[string]string{}
		for i, field := range line {
			row[lines[0][i]] = field
		}
		out = append(out, row)
	}
	return out
}

func ordersOf(t *testing.T, name string, order func(map[string]string) (Order[string], bool)) []Order[string] {
	t.Helper()
	var out []Order[string]
	for _, row := range rows(t, name) {
		if o, ok := order(row); ok {
			out = append(out, o)
		}
	}
	return out
}

func onlineRetail(t *testing.T) []Order[string] {
	t.Helper()
	return ordersOf(t, "online_retail_orders.csv.gz", func(row map[string]string) (Order[string], bool) {
		units, err := strconv.Atoi(row["units"])
		require.NoError(t, err)
		return Order[string]{
			Customer: row["customer_id"], At: at(t, "Europe/London", row["invoice_time"]), Amount: dec(row["amount"]), Units: int32(units),
		}, row["customer_id"] != ""
	})
}

var retail = Config{Zone: "Europe/London", Currency: "GBP", Scale: 3}

var (
	_ = spec("Q15", func(t *testing.T) {
		w := Before(at(t, "Europe/London", "2011-12-10"))
		customers, err := SummarizeSlice(MustCompile(retail), w, onlineRetail(t))
		require.NoError(t, err)
		report := customers.Report()
		assert.Equal(t, Report{Orders: 22190, Qualifying: 18532, Credits: 3654, Free: 4, Customers: 4372, Prospects: 34}, report)
		creditsOnly, noNet := 0, 0
		for _, s := range customers.All() {
			if s.Prospect() && s.Net.IsNegative() {
				creditsOnly++
			}
			if !s.Prospect() && !s.Net.IsPositive() {
				noNet++
			}
		}
		assert.Equal(t, 33, creditsOnly)
		assert.Equal(t, 21, noNet)
		m, err := customers.Fit()
		require.NoError(t, err)
		assert.EqualValues(t, 4338, m.Customers())
	})
	_ = spec("Q32", func(t *testing.T) {
		orders := ordersOf(t, "rfm_orders.csv.gz", func(row map[string]string) (Order[string], bool) {
			return Order[string]{Customer: row["customer_id"], At: at(t, "UTC", row["order_date"]), Amount: dec(row["revenue"])}, true
		})
		customers, err := Summarize(MustCompile(Config{Zone: "UTC"}), Before(at(t, "UTC", "2006-12-31")), each(orders...))
		require.NoError(t, err)
		m, err := customers.Fit()
		require.NoError(t, err)
		assert.EqualValues(t, 995, m.Customers())
		scores, err := customers.Scores(m)
		require.NoError(t, err)
		assert.Equal(t, []int{268, 187, 176, 244, 120}, histogram(scores, func(s Score) uint8 { return s.F }))
	})
)

func histogram(scores iter.Seq2[string, Score], digit func(Score) uint8) []int {
	counts := make([]int, 5)
	for _, s := range scores {
		if !s.IsZero() {
			counts[digit(s)-1]++
		}
	}
	return counts
}

// With the mean rule 910 of the 4,338 customers of Online Retail are above the mean in money; with mean
// order value it is 1,405.
func TestMeanRuleOnRealOrders(t *testing.T) {
	orders := onlineRetail(t)
	for measure, want := range map[MonetaryMeasure]int{NetSpend: 910, MeanOrder: 1405} {
		c := retail
		c.Monetary, c.M = measure, Binning{Rule: MeanRule}
		customers, err := SummarizeSlice(MustCompile(c), Before(at(t, "Europe/London", "2011-12-10")), orders)
		require.NoError(t, err)
		m, err := customers.Fit()
		require.NoError(t, err)
		scores, err := customers.Scores(m)
		require.NoError(t, err)
		assert.Equal(t, want, histogram(scores, func(s Score) uint8 { return s.M })[1], "%v", measure)
	}
}

// The published summary of the CDNOW sample counts repeat days in the first 39 weeks, in weeks since the
// first day.
func TestSummaryOfCDNOW(t *testing.T) {
	orders := ordersOf(t, "cdnow_sample.csv.gz", func(row map[string]string) (Order[string], bool) {
		return Order[string]{Customer: row["customer_id"], At: at(t, "UTC", row["date"]), Amount: dec(row["amount"])}, true
	})
	end := time.Date(1997, 10, 1, 0, 0, 0, 0, time.UTC)
	customers, err := SummarizeSlice(MustCompile(Config{Zone: "UTC", Scale: 2}), Before(end), orders, Ordered())
	require.NoError(t, err)
	for _, row := range rows(t, "cdnow_summary_weeks.csv.gz") {
		id := row["customer_id"]
		s, ok := customers.Of("0000"[min(4, len(id)):] + id)
		if s.Prospect() { // a CD that was given away
			continue
		}
		require.True(t, ok, id)
		x, err := strconv.ParseInt(row["x"], 10, 64)
		require.NoError(t, err)
		weeks, err := strconv.ParseFloat(row["t_x"], 64)
		require.NoError(t, err)
		assert.Equal(t, x, s.ActiveDays-1, id)
		assert.InDelta(t, weeks, float64(s.Last-s.First)/7, 0.01)
	}
}
