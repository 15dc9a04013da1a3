#include "engine/benchmark/results.h"

#include <cstdio>
#include <nlohmann/json.hpp>

namespace kiln {
namespace {

using nlohmann::json;

double rounded(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return std::atof(text);
}

json range(const Spread& spread) { return {rounded(spread.low), rounded(spread.high)}; }

template <class... Values>
std::string line(const char* format, Values... values) {
  char text[256];
  std::snprintf(text, sizeof text, format, values...);
  return text;
}

// "12.3 (12.1–12.9)", padded by what it looks like, not by bytes.
std::string cell(const Spread& spread) {
  std::string text = line("%.3g (%.3g–%.3g)", spread.median, spread.low, spread.high);
  constexpr std::size_t kWidth = 24, kDashExtra = 2;
  const std::size_t width = text.size() - kDashExtra;
  return std::string(width < kWidth ? kWidth - width : 0, ' ') + text;
}

double ratio(double above, double below) { return below > 0 ? above / below : 0; }

std::string sampling_table(const BenchmarkResults& results) {
  std::string text = "\nSampling: ms for a guided step, median and middle half\n";
  text +=
      "sprites threads precision                    ours              plain fp32      its convolutions  × plain  of convolutions\n";
  for (const auto& row : results.sampling) {
    text += line("%7d %7d %9s", row.sprites, row.threads, row.precision.c_str()) + cell(row.step) + cell(row.eager_fp32) +
            cell(row.convolutions);
    text += line(" %8.2f %16.2f\n", ratio(row.eager_fp32.median, row.step.median), ratio(row.step.median, row.convolutions.median));
  }
  return text;
}

std::string parts_line(const BenchmarkResults& results) {
  if (results.parts.empty()) return "";
  std::string text = line("\nA guided step of %d sprites on one core, ms:", kTimedSprites);
  for (const PartTime& part : results.parts) text += line("  %s %.3g", part.name.c_str(), part.ms);
  return text + "\n";
}

std::string families_table(const BenchmarkResults& results) {
  if (results.families.empty()) return "";
  std::string text = "\nNetworks of other projects, one core: ms for a guided step, median and middle half\n";
  text += "sprites precision                    ours              plain fp32  × plain\n";
  for (const auto& row : results.families) {
    text += line("%7d %9s", row.sprites, row.precision.c_str()) + cell(row.step) + cell(row.eager_fp32);
    text += line(" %8.2f  %s\n", ratio(row.eager_fp32.median, row.step.median), row.network.c_str());
  }
  return text;
}

std::string few_steps_table(const BenchmarkResults& results) {
  if (results.few_steps.empty()) return "";
  std::string text = "\nWhole runs, ms to the sprites, median and middle half\n";
  text += "sprites threads     distilled, few steps   guided, as many as usual   times\n";
  for (const auto& row : results.few_steps) {
    text += line("%7d %7d", row.sprites, row.threads) + cell(row.few) + line(" (%d)", row.few_steps) + cell(row.many) +
            line(" (%d) %6.1f\n", row.many_steps, ratio(row.many.median, row.few.median));
  }
  return text;
}

std::string gpu_table(const BenchmarkResults& results) {
  if (results.on_gpu.empty()) return "";
  std::string text = "\nSampling on the GPU: ms for a guided step, median and middle half\n";
  text += "sprites               ours, bf16              eager bf16              plain fp32   × eager   × plain  GPU busy\n";
  for (const auto& row : results.on_gpu) {
    text += line("%7d", row.sprites) + cell(row.step) + cell(row.eager_bf16) + cell(row.eager_fp32);
    text += line(" %9.2f %9.2f", ratio(row.eager_bf16.median, row.step.median), ratio(row.eager_fp32.median, row.step.median));
    text += row.busy ? line(" %7.0f %%\n", 100 * *row.busy) : "   unknown\n";
  }
  return text;
}

std::string gpu_training_table(const BenchmarkResults& results) {
  if (results.training_on_gpu.empty()) return "";
  std::string text = "\nTraining on the GPU: images a second, median and middle half\n";
  text += "  batch               ours, bf16              plain fp32   × plain\n";
  for (const auto& row : results.training_on_gpu) {
    text += line("%7d", row.batch) + cell(row.ours) + cell(row.eager_fp32);
    text += line(" %9.2f\n", ratio(row.ours.median, row.eager_fp32.median));
  }
  return text;
}

std::string training_table(const BenchmarkResults& results) {
  std::string text = "\nTraining: images a second, median and middle half\n";
  text += "        threads precision                    ours              plain fp32      its convolutions  × plain\n";
  for (const auto& row : results.training) {
    text += line("%15d %9s", row.threads, row.precision.c_str()) + cell(row.ours) + cell(row.eager_fp32) + cell(row.convolutions);
    text += line(" %8.2f\n", ratio(row.ours.median, row.eager_fp32.median));
  }
  return text;
}

std::string processes_table(const BenchmarkResults& results) {
  const auto& row = results.training_in_processes;
  if (row.processes == 0) return "";
  std::string text = "\nTraining in several processes: images a second, median and middle half\n";
  text += "      processes precision                together  threads of one process  × threads\n";
  text += line("%15d %9s", row.processes, row.precision.c_str()) + cell(row.together) + cell(row.threads);
  return text + line(" %10.2f\n", ratio(row.together.median, row.threads.median));
}

std::string growth_table(const char* title, const std::vector<BenchmarkResults::Growth>& rows) {
  std::string text = std::string(title) + ", ms for one sprite's step:";
  for (const auto& row : rows) text += line("  %d: %.3g", row.amount, row.each.median);
  return text + "\n";
}

json growth_json(const std::vector<BenchmarkResults::Growth>& rows, const char* what) {
  json all = json::array();
  for (const auto& row : rows)
    all.push_back({{what, row.amount}, {"sprite_step_ms", rounded(row.each.median)}, {"spread", range(row.each)}});
  return all;
}

json curve(const std::vector<double>& losses) {
  json all = json::array();
  for (const double loss : losses) all.push_back(rounded(loss));
  return all;
}

std::string curves_table(const BenchmarkResults::Curves& curves) {
  constexpr std::size_t kRows = 10;
  std::string text = "Loss over training, same network and batches\n      steps       ours plain fp32\n";
  const std::size_t count = curves.ours.size(), piece = std::max<std::size_t>(1, count / kRows);
  for (std::size_t first = 0; first + piece <= count; first += piece) {
    double ours = 0, plain = 0;
    for (std::size_t i = first; i < first + piece; ++i) {
      ours += curves.ours[i] / static_cast<double>(piece);
      plain += curves.eager_fp32[i] / static_cast<double>(piece);
    }
    text += line("%5zu–%5zu %10.4f %10.4f\n", first + 1, first + piece, ours, plain);
  }
  return text;
}

}  // namespace

std::string benchmark_text(const BenchmarkResults& results) {
  std::string text = line("%s, %d cores, load %s\n", results.cpu.c_str(), results.cores, results.load.c_str());
  if (!results.sampling.empty()) text += results.sampling.front().network + "\n";
  text += sampling_table(results) + parts_line(results) + families_table(results) + few_steps_table(results) + gpu_table(results);
  text +=
      growth_table("Growth with sprites", results.by_sprites) + growth_table("Growth with steps (16 sprites)", results.by_steps);
  if (const auto& c = results.contended; c.threads > 0) {
    text += line("Beside another busy thread: %d sprites on %d threads %.3g ms; one thread alone %.3g ms\n", c.sprites, c.threads,
                 c.step.median, c.one_thread.median);
  }
  text += training_table(results) + processes_table(results) + gpu_training_table(results);
  if (!results.curves.ours.empty()) text += curves_table(results.curves);
  text += line("\nFirst preview of 16 sprites: %.0f ms\nMemory peak of a run of 64 sprites: %.0f MB\n",
               results.first_preview.median, results.peak_rss_mb);
  if (!results.difference_model.empty()) {
    text += line("bf16 against fp32, whole runs of %s: %.2f grey levels, mean per pixel\n", results.difference_model.c_str(),
                 results.difference);
  }
  return text;
}

std::string benchmark_json(const BenchmarkResults& results) {
  json document = {{"machine", {{"cpu", results.cpu}, {"cores", results.cores}, {"load", results.load}}},
                   {"sampling", json::array()},
                   {"training", json::array()},
                   {"first_preview_ms", rounded(results.first_preview.median)},
                   {"peak_rss_mb", rounded(results.peak_rss_mb)},
                   {"spread", {{"first_preview_ms", range(results.first_preview)}}}};
  for (const auto& row : results.sampling) {
    document["sampling"].push_back(
        {{"network", row.network},
         {"sprites", row.sprites},
         {"threads", row.threads},
         {"precision", row.precision},
         {"step_ms", rounded(row.step.median)},
         {"eager_fp32_ms", rounded(row.eager_fp32.median)},
         {"convolutions_ms", rounded(row.convolutions.median)},
         {"spread",
          {{"step_ms", range(row.step)}, {"eager_fp32_ms", range(row.eager_fp32)}, {"convolutions_ms", range(row.convolutions)}}}});
  }
  for (const PartTime& part : results.parts) document["parts_ms"][part.name] = rounded(part.ms);
  for (const auto& row : results.families) {
    document["families"].push_back({{"network", row.network},
                                    {"sprites", row.sprites},
                                    {"threads", 1},
                                    {"precision", row.precision},
                                    {"step_ms", rounded(row.step.median)},
                                    {"eager_fp32_ms", rounded(row.eager_fp32.median)},
                                    {"spread", {{"step_ms", range(row.step)}, {"eager_fp32_ms", range(row.eager_fp32)}}}});
  }
  for (const auto& row : results.few_steps) {
    document["few_steps"].push_back({{"sprites", row.sprites},
                                     {"threads", row.threads},
                                     {"steps", row.few_steps},
                                     {"run_ms", rounded(row.few.median)},
                                     {"guided_steps", row.many_steps},
                                     {"guided_run_ms", rounded(row.many.median)},
                                     {"spread", {{"run_ms", range(row.few)}, {"guided_run_ms", range(row.many)}}}});
  }
  for (const auto& row : results.on_gpu) {
    document["sampling_on_gpu"].push_back(
        {{"network", row.network},
         {"sprites", row.sprites},
         {"precision", "bf16"},
         {"step_ms", rounded(row.step.median)},
         {"eager_bf16_ms", rounded(row.eager_bf16.median)},
         {"eager_fp32_ms", rounded(row.eager_fp32.median)},
         {"gpu_busy", row.busy ? json(rounded(*row.busy)) : json()},
         {"spread",
          {{"step_ms", range(row.step)}, {"eager_bf16_ms", range(row.eager_bf16)}, {"eager_fp32_ms", range(row.eager_fp32)}}}});
  }
  for (const auto& row : results.training) {
    document["training"].push_back({{"threads", row.threads},
                                    {"precision", row.precision},
                                    {"images_per_s", rounded(row.ours.median)},
                                    {"eager_fp32_images_per_s", rounded(row.eager_fp32.median)},
                                    {"convolutions_images_per_s", rounded(row.convolutions.median)},
                                    {"spread",
                                     {{"images_per_s", range(row.ours)},
                                      {"eager_fp32_images_per_s", range(row.eager_fp32)},
                                      {"convolutions_images_per_s", range(row.convolutions)}}}});
  }
  if (const auto& row = results.training_in_processes; row.processes > 0) {
    document["training_in_processes"] = {
        {"processes", row.processes},
        {"precision", row.precision},
        {"images_per_s", rounded(row.together.median)},
        {"threads_images_per_s", rounded(row.threads.median)},
        {"spread", {{"images_per_s", range(row.together)}, {"threads_images_per_s", range(row.threads)}}}};
  }
  for (const auto& row : results.training_on_gpu) {
    document["training_on_gpu"].push_back(
        {{"batch", row.batch},
         {"precision", "bf16"},
         {"images_per_s", rounded(row.ours.median)},
         {"eager_fp32_images_per_s", rounded(row.eager_fp32.median)},
         {"spread", {{"images_per_s", range(row.ours)}, {"eager_fp32_images_per_s", range(row.eager_fp32)}}}});
  }
  document["growth"] = {{"by_sprites", growth_json(results.by_sprites, "sprites")},
                        {"by_steps", growth_json(results.by_steps, "steps")}};
  if (const auto& c = results.contended; c.threads > 0) {
    document["contended"] = {{"sprites", c.sprites},
                             {"threads", c.threads},
                             {"step_ms", rounded(c.step.median)},
                             {"one_thread_ms", rounded(c.one_thread.median)}};
  }
  if (!results.curves.ours.empty())
    document["loss"] = {{"ours", curve(results.curves.ours)}, {"eager_fp32", curve(results.curves.eager_fp32)}};
  if (!results.difference_model.empty())
    document["bf16_difference"] = {{"model", results.difference_model}, {"grey_levels", rounded(results.difference)}};
  return document.dump(2);
}

}  // namespace kiln
