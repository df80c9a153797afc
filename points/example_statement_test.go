package points_test

import (
	"context"
	"fmt"
	"time"

	"github.com/regulars-go/regulars/points"
)

func ExampleStatement_Page() {
	ctx := context.Background()
	ledger, _ := points.New(new(points.MemStore), corner)
	day := func(d int) time.Time { return time.Date(2025, 3, d, 12, 0, 0, 0, time.UTC) }
	for d := range 5 {
		_, err := ledger.Earn(ctx, points.EarnRequest{Account: "ann", Key: fmt.Sprint("gift-", d+1), Points: 10, At: day(d + 1)})
		if err != nil {
			fmt.Println(err)
		}
	}
	whole, err := ledger.Statement(ctx, "ann", time.Time{}, day(31))
	for after, more := "", err == nil; more; {
		var page points.Statement
		if page, more, err = whole.Page(after, 2); err != nil {
			fmt.Println(err)
		}
		for _, p := range page.Lines {
			fmt.Println(p.ID, p.Points)
			after = p.ID
		}
		fmt.Println("from", page.Opening.Available, "to", page.Closing.Available)
	}
	// Output:
	// gift-1/1 10
	// gift-2/1 10
	// from 0 to 20
	// gift-3/1 10
	// gift-4/1 10
	// from 20 to 40
	// gift-5/1 10
	// from 40 to 50
}
