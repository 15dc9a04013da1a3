#include <nlohmann/json.hpp>

#include "engine/quality/evaluation_text.h"

namespace kiln {
namespace {

using nlohmann::json;

json value(const Measured& measured) {
  if (measured.empty()) return nullptr;
  return {{"mean", measured.mean()}, {"std", measured.deviation()}, {"n", measured.count()}};
}

json value(double number) { return std::isnan(number) ? json() : json(number); }

json comparison_json(const Comparison& c) {
  return {{"samples", c.samples},
          {"beside", c.reference},
          {"sample_count", c.sample_count},
          {"reference_count", c.reference_count},
          {"frechet", value(c.frechet)},
          {"kernel", value(c.kernel)},
          {"precision", value(c.precision)},
          {"recall", value(c.recall)},
          {"coverage", value(c.coverage)},
          {"class_accuracy", value(c.class_accuracy)},
          {"told_apart", value(c.told_apart)}};
}

json pixels_json(const PixelSummary& s) {
  return {{"set", s.set},
          {"colours", value(s.colours)},
          {"colour_distance", value(s.colour_distance)},
          {"entropy_bits", value(s.entropy)},
          {"off_palette", value(s.off_palette)},
          {"half_transparent", value(s.half_transparent)},
          {"spots", value(s.spots)},
          {"strays", value(s.strays)},
          {"outline", value(s.outline)},
          {"symmetric", value(s.symmetric)}};
}

json novelty_json(const NoveltySummary& s) {
  return {{"set", s.set},
          {"searched", s.against},
          {"distance", value(s.distance)},
          {"fifth_percentile", value(s.fifth_percentile)},
          {"differing", value(s.differing)},
          {"exact", value(s.exact)},
          {"near", value(s.near)},
          {"suspected", value(s.suspected)},
          {"exact_count", s.exact_count},
          {"near_count", s.near_count},
          {"suspected_count", s.suspected_count}};
}

json suspect_json(const Suspect& s) {
  return {{"class", s.class_name},
          {"seed", s.seed},
          {"file", s.file},
          {"distance", s.match.distance},
          {"differing", s.match.differing},
          {"mirrored", s.match.mirrored},
          {"moved", {s.match.right, s.match.down}}};
}

json class_json(const ClassResult& c) {
  return {{"class", c.name}, {"sprites", c.sprites}, {"class_accuracy", value(c.accuracy)}, {"coverage", value(c.coverage)}};
}

template <class Item>
json each(const std::vector<Item>& items, json (*one)(const Item&)) {
  json list = json::array();
  for (const auto& item : items) list.push_back(one(item));
  return list;
}

}  // namespace

std::string evaluation_json(const EvaluationResult& result) {
  const json document = {{"width", result.width},
                         {"height", result.height},
                         {"sprites", result.sprites},
                         {"held_out", result.heldout},
                         {"count", result.count},
                         {"draws", result.draws},
                         {"features", result.features},
                         {"validation_accuracy", value(result.validation_accuracy)},
                         {"held_out_accuracy", value(result.heldout_accuracy)},
                         {"comparisons", each(result.comparisons, comparison_json)},
                         {"pixels", each(result.pixels, pixels_json)},
                         {"novelty", each(result.novelty, novelty_json)},
                         {"suspicion_below", value(result.threshold)},
                         {"suspects", each(result.suspects, suspect_json)},
                         {"classes", each(result.classes, class_json)},
                         {"notes", result.notes}};
  return document.dump();
}

}  // namespace kiln
