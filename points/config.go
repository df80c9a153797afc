package points

// Config is a policy as plain data: a Go literal, or JSON through [ParseConfig]. The zero value of
// every optional field is its default. [Compile] checks it and makes a [Policy].
type Config struct {
	// Format is the version of this form, 1.
	Format int `json:"version"`
	// ID and Revision name the policy and its version in evidence; both are needed.
	ID       string `json:"id"`
	Revision int    `json:"revision"`
	// Since is when this revision comes into force, as a local day or day and time ("2025-06-01",
	// "2025-06-01T09:00"), for [Versions]. Empty means always.
	Since string `json:"since,omitempty"`
	// Zone is the time zone of every day, month and window here, such as "Asia/Shanghai".
	Zone string `json:"zone"`
	// Currency is the label of the money; Decimals its minor digits, 2 if zero, [NoDecimals] for none.
	Currency string `json:"currency"`
	Decimals int    `json:"decimals,omitempty"`
	// PolicyAt is the instant of the order that qualifies: it chooses the revision, decides windows
	// and periods, and starts pending and expiry. [AtPaid] by default.
	PolicyAt Moment `json:"policy_at,omitempty"`

	Basis    Basis    `json:"basis,omitzero"`
	Rounding Rounding `json:"rounding,omitempty"`
	RoundAt  RoundAt  `json:"round_at,omitempty"`

	// Rules give base points. Within a family the first rule whose conditions hold earns for a line, so
	// one without conditions comes last; families add up.
	Rules []Rule `json:"rules,omitempty"`
	// Stack combines the modifiers that name no stack group, and the order's own Times; StackGroups the
	// others. Groups combine as 1 + Σ(group − 1). No rule, modifier, bonus or action may be named "times".
	Stack       Stack        `json:"stack,omitempty"`
	StackGroups []StackGroup `json:"stack_groups,omitempty"`
	Modifiers   []Modifier   `json:"modifiers,omitempty"`
	Bonuses     []Bonus      `json:"bonuses,omitempty"`
	Caps        []Cap        `json:"caps,omitempty"`

	Pending Pending `json:"pending,omitzero"`
	Expiry  Expiry  `json:"expiry,omitzero"`

	// Growth makes this a programme of growth value: an order's Times is left out and nothing can be
	// redeemed.
	Growth bool `json:"growth,omitempty"`

	Birthday Birthday  `json:"birthday,omitzero"`
	Referral *Referral `json:"referral,omitempty"`
	CheckIn  *CheckIn  `json:"check_in,omitempty"`
	Actions  []Action  `json:"actions,omitempty"`

	Redeem *Redeem `json:"redeem,omitempty"`
	Terms  Terms   `json:"terms,omitzero"`
}

// NoDecimals stands for a currency without minor units, such as JPY.
const NoDecimals = -1

// Moment is an instant in the life of an order.
type Moment string

// The moments of an order. The zero value is AtPaid.
const (
	AtPlaced    Moment = "placed"
	AtPaid      Moment = "paid"
	AtReceived  Moment = "received"
	AtCompleted Moment = "completed"
)
