package points

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestBirthdayGiftGoesOnce: a gift that went with its order is spent for the year, and comes back only
// with a charge-back that is won.
func TestBirthdayGiftGoesOnce(t *testing.T) {
	start := func(t *testing.T) (b *bench, claim func(at string) (Receipt, error)) {
		b = newBench(t, func(k *Config) { k.Birthday = Birthday{After: 30, Gift: &Gift{Points: 88}} })
		b.order("ann", "7", "100", "2025-03-10")
		claim = func(at string) (Receipt, error) {
			a, err := b.Policy().BirthdayGift(MonthDay{time.March, 10}, b.on(at))
			require.NoError(t, err)
			return b.Earn(ctx, EarnRequest{Account: "ann", At: b.on(at), Award: &a, For: "7"})
		}
		b.must(claim("2025-03-10"))
		assert.EqualValues(t, 188, b.balance("ann", "2025-03-10").Available)
		return b, claim
	}
	t.Run("cancelled", func(t *testing.T) {
		b, claim := start(t)
		b.must(b.Cancel(ctx, CancelRequest{Account: "ann", Order: "7", At: b.on("2025-03-11")}))
		assert.Zero(t, b.balance("ann", "2025-03-11").Available)
		b.order("ann", "8", "100", "2025-03-12")
		_, err := claim("2025-03-12")
		require.ErrorIs(t, err, ErrAlreadyGranted)
		assert.EqualValues(t, 100, b.balance("ann", "2025-03-12").Available)
		_, err = claim("2026-03-12")
		require.NoError(t, err)
	})
	t.Run("refunded in part", func(t *testing.T) {
		b, _ := start(t)
		b.refund("ann", "r", "7", "99", "2025-03-11")
		assert.EqualValues(t, 89, b.balance("ann", "2025-03-11").Available)
	})
	t.Run("won", func(t *testing.T) {
		b, claim := start(t)
		b.must(b.Chargeback(ctx, ChargebackRequest{Account: "ann", Chargeback: "c", Order: "7", At: b.on("2025-03-11")}))
		assert.Zero(t, b.balance("ann", "2025-03-11").Available)
		b.must(b.Win(ctx, WinRequest{Account: "ann", Chargeback: "c", Order: "7", At: b.on("2025-03-12")}))
		assert.EqualValues(t, 188, b.balance("ann", "2025-03-12").Available)
		_, err := claim("2025-03-13")
		require.ErrorIs(t, err, ErrAlreadyGranted)
	})
}

// TestReferralComesBackWithItsOrder: a refund below the least amount takes it, an edit above returns it.
func TestReferralComesBackWithItsOrder(t *testing.T) {
	b := newBench(t, func(k *Config) { k.Referral = &Referral{Friend: &Gift{Points: 50}, Spend: dec("30")} })
	first := b.orderRequest("bea", "7", "40", "2025-03-10")
	first.Order.First = true
	b.must(b.Earn(ctx, first))
	_, gift, err := b.Policy().Referral("bea", *first.Order)
	require.NoError(t, err)
	b.must(b.Earn(ctx, EarnRequest{Account: "bea", At: first.At, Award: &gift, For: "7"}))
	assert.EqualValues(t, 90, b.balance("bea", "2025-03-10").Available)

	b.refund("bea", "r", "7", "15", "2025-03-11")
	assert.EqualValues(t, 25, b.balance("bea", "2025-03-11").Available, "25.00 is below 30.00")
	second := b.orderRequest("bea", "8", "40", "2025-03-12")
	second.Order.First = true // a first order that counts is the shop's to name
	_, again, err := b.Policy().Referral("bea", *second.Order)
	require.NoError(t, err)
	b.must(b.Earn(ctx, second))
	_, err = b.Earn(ctx, EarnRequest{Account: "bea", At: second.At, Award: &again, For: "8"})
	require.ErrorIs(t, err, ErrAlreadyGranted)

	b.edit("bea", "e", "7", "50", "2025-03-13")
	assert.EqualValues(t, 40+35+50, b.balance("bea", "2025-03-13").Available, "35.00 of 50.00 is left")
}

// TestNothingToEarn: a gift that gave nothing is told from one that did by its points.
func TestNothingToEarn(t *testing.T) {
	b := newBench(t, func(k *Config) { k.Birthday.Gift = &Gift{Points: 88} })
	a, err := b.Policy().BirthdayGift(MonthDay{time.March, 10}, b.on("2025-03-11"))
	require.NoError(t, err)
	assert.Zero(t, a.Points)
	_, err = b.Earn(ctx, EarnRequest{Account: "ann", At: b.on("2025-03-11"), Award: &a})
	require.ErrorIs(t, err, ErrID)
}
