#include "engine/session/jobs/evaluation_overview.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "engine/quality/evaluation_text.h"

namespace kiln {
namespace {

struct OfComparisons {
  const char *label, *help;
  Measured Comparison::*value;
};
constexpr OfComparisons kComparisons[] = {
    {"Fréchet distance", "How far the sprites as a whole are from the drawn ones: the lower, the better", &Comparison::frechet},
    {"Precision", "Share of the sprites that lie among drawn ones", &Comparison::precision},
    {"Recall", "Share of the drawn sprites that lie among the model's: how much of the variety there is", &Comparison::recall},
    {"Class accuracy", "Share of the sprites that a classifier takes for what they are to be", &Comparison::class_accuracy},
    {"Told apart", "Share that a network trained for it tells from drawn ones: 0.5 is by chance", &Comparison::told_apart}};

struct OfPixels {
  const char *label, *help;
  Measured PixelSummary::*value;
  double factor;
};
constexpr OfPixels kPixels[] = {
    {"Colours in a sprite", "The median", &PixelSummary::colours, 1},
    {"Off the palette, %", "Pixels of colours that the drawn sprites do not have", &PixelSummary::off_palette, 100},
    {"Half transparent, %", "Of the pixels that can be seen", &PixelSummary::half_transparent, 100},
    {"Single spots, %", "Pixels unlike all of their neighbours", &PixelSummary::spots, 100},
    {"Stray pixels", "Alone, in a sprite", &PixelSummary::strays, 1},
    {"Edge with an outline, %", "How much of the edge is darker than what it surrounds", &PixelSummary::outline, 100}};

struct OfNovelty {
  const char *label, *help;
  Measured NoveltySummary::*value;
  double factor;
};
constexpr OfNovelty kNovelty[] = {
    {"Near copies, %", "Sprites of which at most one pixel in twenty differs from a drawn one", &NoveltySummary::near, 100},
    {"Distance to the nearest", "From a sprite to the drawn one that is most like it, the median", &NoveltySummary::distance, 1}};

template <class Rows, class Table>
void add(EvaluationOverview& overview, const Table& table, const Rows* generated, const Rows* drawn) {
  if (generated == nullptr) return;
  for (const auto& row : table) {
    double factor = 1;
    if constexpr (requires { row.factor; }) factor = row.factor;
    const Measured& value = generated->*row.value;
    if (value.empty()) continue;
    overview.measures.push_back(
        {row.label, row.help, measured_text(value, factor), drawn == nullptr ? "–" : measured_text(drawn->*row.value, factor)});
  }
}

template <class Row, class Is>
const Row* find(const std::vector<Row>& rows, Is is) {
  const auto found = std::find_if(rows.begin(), rows.end(), is);
  return found == rows.end() ? nullptr : &*found;
}

}  // namespace

EvaluationOverview overview_of(EvaluationResult&& result) {
  EvaluationOverview overview;
  overview.count = result.count;
  overview.draws = result.draws;
  const auto comparison = [&](std::string_view samples) {
    return find(result.comparisons, [&](const Comparison& c) { return c.samples == samples && c.reference == "half"; });
  };
  add(overview, kComparisons, comparison("generated"), comparison("drawn"));
  const auto of_set = [&](const auto& rows, std::string_view set) {
    return find(rows, [&](const auto& row) { return row.set == set; });
  };
  add(overview, kPixels, of_set(result.pixels, "generated"), of_set(result.pixels, "data"));
  add(overview, kNovelty, of_set(result.novelty, "generated"),
      find(result.novelty, [](const NoveltySummary& s) { return s.set != "generated"; }));
  for (ClassSamples& samples : result.samples) {
    const ClassResult* found = find(result.classes, [&](const ClassResult& c) { return c.name == samples.name; });
    const bool measured = found != nullptr && !found->accuracy.empty();
    overview.classes.push_back({samples.name, measured ? measured_text(found->accuracy) : "", std::move(samples.sprites)});
  }
  for (Suspect& suspect : result.suspects)
    overview.suspects.push_back(
        {std::move(suspect.sprite), std::move(suspect.training), suspect.class_name, suspect.file, suspect.match.differing});
  return overview;
}

}  // namespace kiln
