module github.com/regulars-go/regulars/examples

go 1.26.0

require github.com/regulars-go/regulars v0.0.0

replace github.com/regulars-go/regulars => ../
