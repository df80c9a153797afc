package points

import "context"

// Result is the outcome of one operation of a batch.
type Result struct {
	Receipt Receipt
	Err     error
}

// Atomic does several operations as one unit, in order: all are committed together, or none. Each
// sees what those before it did. The receipts are in the order of the operations; an error says
// which one was refused.
func (l *Ledger) Atomic(ctx context.Context, ops ...Op) ([]Receipt, error) {
	jobs := make([]job, len(ops))
	for i, op := range ops {
		var err error
		if jobs[i].op, err = value(op); err != nil {
			return nil, which(jobs, i, err)
		}
	}
	if err := l.unit(ctx, new(session), jobs); err != nil {
		return nil, err
	}
	receipts := make([]Receipt, len(jobs))
	for i := range jobs {
		receipts[i] = jobs[i].receipt
	}
	return receipts, nil
}

// BestEffort does several operations one by one, in order. One that is refused does not stop the
// others. The results are in the order of the operations.
func (l *Ledger) BestEffort(ctx context.Context, ops ...Op) []Result {
	results := make([]Result, len(ops))
	for i, op := range ops {
		results[i].Receipt, results[i].Err = l.Do(ctx, op)
	}
	return results
}
