#pragma once

#include <set>
#include <vector>

#include "engine/base/image.h"
#include "engine/base/palette.h"

namespace kiln {

// What a set's sprites have in common, by which those of another are judged.
struct PixelHabit {
  std::set<Rgb8> palette;  // of all opaque pixels; empty if there are more than 256 colours
  // A pixel at the silhouette's edge is outline if its lightness (OKLab, 0 … 1) is no more than this: the median over such pixels
  // of the set and a twentieth, so that of a set with dark outlines nearly all are, and of one without about half.
  double outline_lightness = 0;
};

PixelHabit pixel_habit(const std::vector<Image>& images);

// How a sprite is drawn. A pixel is opaque from alpha 128 on; colours differ visibly if their channels do by more than 48 levels in
// sum.
struct PixelStatistics {
  int colours = 0;              // different ones among the opaque pixels
  double entropy = 0;           // of these colours, in bits
  double off_palette = 0;       // share of opaque pixels whose colour is not in the habit's palette; NaN if it has none
  double half_transparent = 0;  // share of visible pixels (alpha above 0) that are not fully opaque
  double spots = 0;             // share of opaque pixels that differ visibly from all of three or more opaque neighbours (of eight)
  int strays = 0;               // opaque pixels without an opaque neighbour
  // Share of the silhouette's edge (opaque pixels beside a transparent one, not diagonally) that is outline; NaN if it has no edge.
  double outline = 0;
  bool symmetric = false;  // at most a twentieth of what is opaque differs visibly once it is mirrored within its own bounds
};

PixelStatistics pixel_statistics(const Image& image, const PixelHabit& habit);

// The Wasserstein-1 distance of two distributions of numbers: the area between their cumulative distributions. 0 if one is empty.
double wasserstein_distance(std::vector<double> a, std::vector<double> b);

}  // namespace kiln
