package rfm_test

import (
	"encoding/json"
	"fmt"
	"math/big"

	"github.com/shopspring/decimal"

	"github.com/regulars-go/regulars/rfm"
)

func ExampleRetain() {
	// One in eight of those silent for so long comes back by itself, one in five with a coupon for 10.00.
	approach := rfm.Approach{
		Value:  decimal.RequireFromString("120"),
		Cost:   decimal.RequireFromString("0.45"),
		Reward: decimal.RequireFromString("10"),
		Return: big.NewRat(1, 5),
		Anyway: big.NewRat(1, 8),
	}
	choice, err := rfm.Retain(rfm.AtRisk, approach)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(choice.Retain, choice.Retained.FloatString(2), choice.LetGo.FloatString(2), choice.BreakEven.FloatString(2))
	written, _ := json.Marshal(choice)
	fmt.Println(string(written))
	// Output:
	// true 21.55 15.00 32.67
	// {"retain":true,"retained":"431/20","let_go":"15","break_even":"98/3"}
}

func ExampleGaps_Return() {
	gaps := rfm.Gaps{
		Closed: []rfm.GapCount{{Days: 10, Count: 60}, {Days: 40, Count: 10}, {Days: 70, Count: 5}},
		Open:   []rfm.GapCount{{Days: 50, Count: 15}, {Days: 100, Count: 10}},
	}
	p, ok := gaps.Return(30, 30) // silent for 30 days: back within the next 30?
	fmt.Println(p, ok)
	// Output: 1/4 true
}
