#include "engine/quality/report_picture.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include "engine/pixelart/canvas.h"

namespace kiln {
namespace {

constexpr Rgb8 kPaper{236, 236, 240}, kInk{40, 40, 48}, kSpriteBack{208, 208, 216}, kGenerated{214, 106, 48}, kOther{72, 112, 176};
constexpr int kMargin = 16, kGap = 4, kLine = 24, kTextScale = 2, kSmallLine = 12;
constexpr std::size_t kBins = 24, kMostSuspects = 48, kLongestLabel = 20;
constexpr int kBarWidth = 8, kPlotHeight = 96, kPairsARow = 4;

struct Layout {
  int scale, cell;  // of a sprite
  int label_width;
  int samples_y, suspects_y, plots_y;  // of each part's heading
  int width, height;
  std::size_t suspects;
};

int rows_of(std::size_t count, int a_row) { return (static_cast<int>(count) + a_row - 1) / a_row; }

int pair_height(const Layout& layout) { return layout.cell + kSmallLine; }

Layout layout_of(const EvaluationResult& result) {
  Layout layout{};
  const int size = std::max({result.width, result.height, 1});
  layout.scale = std::max(1, 48 / size);
  layout.cell = size * layout.scale + kGap;
  layout.suspects = std::min(result.suspects.size(), kMostSuspects);
  std::size_t columns = 0, letters = 0;
  for (const auto& of_class : result.samples) {
    columns = std::max(columns, of_class.sprites.size());
    letters = std::max(letters, std::min(of_class.name.size(), kLongestLabel));
  }
  layout.label_width = static_cast<int>(letters + 1) * Canvas::kGlyphAdvance * kTextScale;
  layout.samples_y = kMargin;
  layout.suspects_y = layout.samples_y + kLine + static_cast<int>(result.samples.size()) * layout.cell + kMargin;
  layout.plots_y = layout.suspects_y + kLine + rows_of(layout.suspects, kPairsARow) * pair_height(layout) + kMargin;
  const int plots = 2 * static_cast<int>(kBins) * 2 * kBarWidth + kMargin;
  const int pairs = kPairsARow * (2 * layout.cell + kMargin);
  layout.width = 2 * kMargin + std::max({layout.label_width + static_cast<int>(columns) * layout.cell, pairs, plots});
  layout.height = layout.plots_y + kLine + kPlotHeight + 3 * kSmallLine + kMargin;
  return layout;
}

void draw_sprite(Canvas& canvas, const Layout& layout, const Image& sprite, int x, int y) {
  canvas.fill({x, y, sprite.width * layout.scale, sprite.height * layout.scale}, kSpriteBack);
  canvas.draw(sprite, x, y, layout.scale);
}

void draw_samples(Canvas& canvas, const Layout& layout, const std::vector<ClassSamples>& samples) {
  canvas.write("generated, class by class", kMargin, layout.samples_y, kInk, kTextScale);
  int y = layout.samples_y + kLine;
  for (const auto& of_class : samples) {
    const int middle = y + (layout.cell - kGap - Canvas::kGlyphHeight * kTextScale) / 2;
    canvas.write(of_class.name.substr(0, kLongestLabel), kMargin, middle, kInk, kTextScale);
    int x = kMargin + layout.label_width;
    for (const auto& sprite : of_class.sprites) {
      draw_sprite(canvas, layout, sprite, x, y);
      x += layout.cell;
    }
    y += layout.cell;
  }
}

void draw_suspects(Canvas& canvas, const Layout& layout, const std::vector<Suspect>& suspects) {
  const std::string all = std::to_string(suspects.size()) + " suspected copies, each left of its training sprite";
  canvas.write(suspects.empty() ? "no sprite is suspected of being a copy" : all, kMargin, layout.suspects_y, kInk, kTextScale);
  for (std::size_t i = 0; i < layout.suspects; ++i) {
    const int x = kMargin + static_cast<int>(i) % kPairsARow * (2 * layout.cell + kMargin);
    const int y = layout.suspects_y + kLine + static_cast<int>(i) / kPairsARow * pair_height(layout);
    draw_sprite(canvas, layout, suspects[i].sprite, x, y);
    draw_sprite(canvas, layout, suspects[i].training, x + layout.cell, y);
    char text[32];
    std::snprintf(text, sizeof text, "%.1f  %.0f%%", suspects[i].match.distance, 100 * suspects[i].match.differing);
    canvas.write(text, x, y + layout.cell - kGap + 2, kInk);
  }
}

std::vector<double> shares(const std::vector<double>& values, double highest) {
  std::vector<double> bins(kBins, 0);
  for (const double value : values) {
    const auto bin = static_cast<std::size_t>(value / highest * static_cast<double>(kBins));
    bins[std::min(bin, kBins - 1)] += 1 / static_cast<double>(values.size());
  }
  return bins;
}

void draw_histogram(Canvas& canvas, int x, int y, const std::string& heading, const std::vector<double>& generated,
                    const std::string& other_name, const std::vector<double>& other) {
  double highest = 0;
  for (const auto* values : {&generated, &other}) {
    for (const double value : *values) highest = std::max(highest, value);
  }
  const auto bins = static_cast<double>(kBins);
  highest = bins * (std::floor(highest / bins) + 1);  // a bin holds equally many whole numbers
  const auto first = shares(generated, highest), second = shares(other, highest);
  const double tallest =
      std::max({*std::max_element(first.begin(), first.end()), *std::max_element(second.begin(), second.end()), 1e-9});
  canvas.write(heading, x, y, kInk, kTextScale);
  const int bottom = y + kLine + kPlotHeight, width = static_cast<int>(kBins) * 2 * kBarWidth;
  for (std::size_t i = 0; i < kBins; ++i) {
    const auto bar = [&](double share, int place, const Rgb8& colour) {
      const int height = static_cast<int>(std::lround(share / tallest * kPlotHeight));
      canvas.fill({x + place * kBarWidth, bottom - height, kBarWidth - 1, height}, colour);
    };
    bar(first[i], 2 * static_cast<int>(i), kGenerated);
    bar(second[i], 2 * static_cast<int>(i) + 1, kOther);
  }
  canvas.fill({x, bottom, width, 1}, kInk);
  const std::string end = std::to_string(std::lround(highest));
  canvas.write("0", x, bottom + 4, kInk);
  canvas.write(end, x + width - static_cast<int>(end.size()) * Canvas::kGlyphAdvance, bottom + 4, kInk);
  canvas.write("generated", x, bottom + 4 + kSmallLine, kGenerated);
  canvas.write(other_name, x + 12 * Canvas::kGlyphAdvance, bottom + 4 + kSmallLine, kOther);
}

}  // namespace

Image report_picture(const EvaluationResult& result) {
  const Layout layout = layout_of(result);
  Canvas canvas(layout.width, layout.height, kPaper);
  draw_samples(canvas, layout, result.samples);
  draw_suspects(canvas, layout, result.suspects);
  const int second = kMargin + static_cast<int>(kBins) * 2 * kBarWidth + kMargin;
  draw_histogram(canvas, kMargin, layout.plots_y, "colours per sprite", result.generated_colours, "data", result.data_colours);
  draw_histogram(canvas, second, layout.plots_y, "distance to nearest", result.generated_distances,
                 result.novelty.size() > 1 ? result.novelty[1].set : "", result.judged_by_distances);
  return canvas.image();
}

}  // namespace kiln
