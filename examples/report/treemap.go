package report

import (
	"cmp"
	"math"
	"slices"
)

type rect struct{ X, Y, W, H float64 }

// squarify divides a rectangle into tiles whose areas go with the weights and whose sides are as equal
// as a greedy pass gets them: a row along the shorter side takes the next largest tile as long as that
// makes the row's worst tile squarer (Bruls, Huizing and van Wijk, "Squarified Treemaps", 2000).
// Tiles are in the order of the weights; a weight of zero gets an empty one.
func squarify(weights []int, space rect) []rect {
	tiles := make([]rect, len(weights))
	order := make([]int, 0, len(weights))
	total := 0.0
	for i, w := range weights {
		if w > 0 {
			order = append(order, i)
			total += float64(w)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(weights[b], weights[a]) })
	area := func(i int) float64 { return float64(weights[i]) / total }

	scale := space.W * space.H
	for len(order) > 0 {
		side := min(space.W, space.H)
		row, sum, worst := 0, 0.0, math.Inf(1)
		for row < len(order) {
			next := sum + area(order[row])*scale
			depth := next / side
			squarest := 1.0
			for _, i := range order[:row+1] {
				breadth := area(i) * scale / depth
				squarest = max(squarest, breadth/depth, depth/breadth)
			}
			if squarest > worst {
				break
			}
			row, sum, worst = row+1, next, squarest
		}
		depth := sum / side
		x, y := space.X, space.Y
		for _, i := range order[:row] {
			breadth := area(i) * scale / depth
			if space.W < space.H {
				tiles[i] = rect{x, y, breadth, depth}
				x += breadth
			} else {
				tiles[i] = rect{x, y, depth, breadth}
				y += breadth
			}
		}
		if space.W < space.H {
			space.Y, space.H = space.Y+depth, space.H-depth
		} else {
			space.X, space.W = space.X+depth, space.W-depth
		}
		order = order[row:]
	}
	return tiles
}
