#include "engine/quality/evaluation_text.h"

#include <algorithm>
#include <cstdio>

namespace kiln {
namespace {

constexpr std::size_t kLabelWidth = 26, kColumnWidth = 16, kMostListed = 20;

std::size_t width_of(const std::string& utf8) {
  return static_cast<std::size_t>(
      std::count_if(utf8.begin(), utf8.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string left(const std::string& text, std::size_t width) {
  return text + std::string(width - std::min(width, width_of(text)), ' ');
}
std::string right(const std::string& text, std::size_t width) {
  return std::string(width - std::min(width, width_of(text)), ' ') + text;
}

// Three significant digits, none in powers of ten.
std::string number(double value) {
  const double size = std::abs(value);
  char text[32];
  std::snprintf(text, sizeof text, size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : size >= 1 ? "%.2f" : "%.3f", value);
  return text;
}

}  // namespace

std::string measured_text(const Measured& measured, double factor) {
  if (measured.empty()) return "–";
  const std::string mean = number(factor * measured.mean());
  return measured.count() < 2 ? mean : mean + " ± " + number(factor * measured.deviation());
}

namespace {

template <class Column, class Text>
std::string row(const std::string& label, const std::vector<Column>& columns, Text text) {
  std::string line = left(label, kLabelWidth);
  for (const auto& column : columns) line += right(text(column), kColumnWidth);
  return line + "\n";
}

// The same, unless nothing of it was measured.
template <class Column>
std::string row(const std::string& label, const std::vector<Column>& columns, Measured Column::*member, double factor = 1) {
  if (std::all_of(columns.begin(), columns.end(), [&](const Column& column) { return (column.*member).empty(); })) return "";
  return row(label, columns, [&](const Column& column) { return measured_text(column.*member, factor); });
}

std::string comparisons_text(const std::vector<Comparison>& all) {
  return row("Nearness to the data", all, [](const Comparison& c) { return c.samples; }) +
         row("  beside", all, [](const Comparison& c) { return c.reference; }) +
         row("  sprites", all, [](const Comparison& c) { return std::to_string(c.sample_count); }) +
         row("  of the data", all, [](const Comparison& c) { return std::to_string(c.reference_count); }) +
         row("Fréchet distance", all, &Comparison::frechet) + row("kernel distance ×1000", all, &Comparison::kernel, 1000) +
         row("precision", all, &Comparison::precision) + row("recall", all, &Comparison::recall) +
         row("coverage of a class", all, &Comparison::coverage) + row("class accuracy", all, &Comparison::class_accuracy) +
         row("told apart (0.5: cannot)", all, &Comparison::told_apart);
}

std::string pixels_text(const std::vector<PixelSummary>& all) {
  return row("Pixels", all, [](const PixelSummary& s) { return s.set; }) + row("colours (median)", all, &PixelSummary::colours) +
         row("  distance to the data's", all, &PixelSummary::colour_distance) +
         row("  entropy, bits", all, &PixelSummary::entropy) + row("off the palette, %", all, &PixelSummary::off_palette, 100) +
         row("half-transparent, %", all, &PixelSummary::half_transparent, 100) +
         row("single spots, %", all, &PixelSummary::spots, 100) + row("stray pixels a sprite", all, &PixelSummary::strays) +
         row("edge that is outline, %", all, &PixelSummary::outline, 100) +
         row("symmetric sprites, %", all, &PixelSummary::symmetric, 100);
}

std::string novelty_text(const EvaluationResult& result) {
  const auto& all = result.novelty;
  return row("Nearest training sprite", all, [](const NoveltySummary& s) { return s.set; }) +
         row("  searched", all, [](const NoveltySummary& s) { return s.against; }) +
         row("distance (median)", all, &NoveltySummary::distance) +
         row("  5th percentile", all, &NoveltySummary::fifth_percentile) +
         row("pixels that differ, %", all, &NoveltySummary::differing, 100) +
         row("exact copies, %", all, &NoveltySummary::exact, 100) + row("near copies, %", all, &NoveltySummary::near, 100) +
         row("below " + number(result.threshold) + " (5 by chance), %", all, &NoveltySummary::suspected, 100);
}

std::string classes_text(const std::vector<ClassResult>& classes) {
  std::string text = left("Class", kLabelWidth) + right("sprites", kColumnWidth) + right("class accuracy", kColumnWidth) +
                     right("coverage", kColumnWidth) + "\n";
  for (const auto& c : classes) {
    if (c.sprites == 0) continue;
    text += left("  " + c.name, kLabelWidth) + right(std::to_string(c.sprites), kColumnWidth) +
            right(measured_text(c.accuracy), kColumnWidth) + right(measured_text(c.coverage), kColumnWidth) + "\n";
  }
  return text;
}

std::string suspects_text(const std::vector<Suspect>& suspects) {
  if (suspects.empty()) return "No sprite is suspected of being a copy.\n";
  std::string text = "Suspected copies, the nearest first\n";
  for (std::size_t i = 0; i < std::min(suspects.size(), kMostListed); ++i) {
    const Suspect& suspect = suspects[i];
    text += left("  " + suspect.class_name + ", seed " + std::to_string(suspect.seed), kLabelWidth) +
            right(number(suspect.match.distance), 8) + right(number(100 * suspect.match.differing) + " %", 10) + "  " +
            suspect.file + (suspect.match.mirrored ? ", mirrored" : "") + "\n";
  }
  if (suspects.size() > kMostListed) text += "  and " + std::to_string(suspects.size() - kMostListed) + " more\n";
  return text;
}

}  // namespace

std::string evaluation_text(const EvaluationResult& result) {
  std::string text = std::to_string(result.sprites) + " sprites of " + std::to_string(result.width) + "×" +
                     std::to_string(result.height) + ", " + std::to_string(result.heldout) + " held out; " +
                     std::to_string(result.draws) + (result.draws == 1 ? " draw of " : " draws of ") +
                     std::to_string(result.count) + "\nDistances by " + result.features + ". The classifier tells the class of ";
  text += (std::isnan(result.validation_accuracy) ? "–" : number(result.validation_accuracy)) +
          std::string(" of the data's sprites that it was not trained on");
  if (!std::isnan(result.heldout_accuracy)) text += ", " + number(result.heldout_accuracy) + " of the held-out";
  text += "\n";
  for (const auto& note : result.notes) text += note + "\n";
  return text + "\n" + comparisons_text(result.comparisons) + "\n" + pixels_text(result.pixels) + "\n" + novelty_text(result) +
         "\n" + classes_text(result.classes) + "\n" + suspects_text(result.suspects);
}

}  // namespace kiln
