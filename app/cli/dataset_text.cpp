#include "app/cli/dataset_text.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "engine/base/text.h"

namespace kiln {
namespace {

using nlohmann::json;

constexpr int kBarWidth = 32;
constexpr std::size_t kFilesShown = 8;

// Columns that the text takes, for UTF-8.
std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

// At most 32 columns of a name.
std::string shortened(const std::string& name) {
  constexpr std::size_t kMost = 32;
  if (width_of(name) <= kMost) return name;
  std::size_t end = 0;
  for (std::size_t columns = 0; end < name.size(); ++end) {
    const bool begins = (static_cast<unsigned char>(name[end]) & 0xC0) != 0x80;
    if (begins && columns++ == kMost - 1) break;
  }
  return name.substr(0, end) + "…";
}

std::string bar(int count, int most) {
  const int length = std::max(1, count * kBarWidth / std::max(1, most));
  std::string text;
  for (int i = 0; i < length; ++i) text += "█";
  return text;
}

std::string class_lines(const std::vector<ClassCount>& classes) {
  std::size_t widest = 0;
  int most = 0;
  for (const auto& entry : classes) widest = std::max(widest, width_of(shortened(entry.name))), most = std::max(most, entry.count);
  std::string text;
  for (const auto& entry : classes) {
    const std::string name = shortened(entry.name);
    text += "  " + name + std::string(widest - width_of(name) + 2, ' ') + bar(entry.count, most) + " " +
            std::to_string(entry.count) + "\n";
  }
  return text;
}

std::string size_text(const SizeCount& size) {
  const std::string text = size_text(PixelSize{size.width, size.height}) + " (" + std::to_string(size.count) + ")";
  return size.grid > 1 ? text + " enlarged ×" + std::to_string(size.grid) : text;
}

std::string some_files(const std::vector<std::string>& files) {
  const std::vector<std::string> shown(files.begin(),
                                       files.begin() + static_cast<std::ptrdiff_t>(std::min(files.size(), kFilesShown)));
  return joined(shown, ", ") + (files.size() > shown.size() ? " and " + std::to_string(files.size() - shown.size()) + " more" : "");
}

std::string flags_that_mend(const Finding& finding) { return finding.fixes.empty() ? "" : flags_of(finding.fixes.front()); }

std::string finding_text(const Finding& finding) {
  const std::string flags = flags_that_mend(finding);
  std::string text = "- " + finding.message + "\n  " + finding.advice + (flags.empty() ? "" : "  [" + flags + "]") + "\n";
  const bool named_already = finding.files.size() == 1 && finding.message.find(finding.files.front()) != std::string::npos;
  if (!finding.files.empty() && !named_already) text += "  " + some_files(finding.files) + "\n";
  return text;
}

json left_out_json(const std::vector<LeftOut>& files) {
  json list = json::array();
  for (const auto& entry : files)
    list.push_back({{"file", entry.file}, {"message", entry.error.message}, {"hint", entry.error.hint}});
  return list;
}

json class_json(const std::vector<ClassCount>& classes) {
  json counts = json::object();
  for (const auto& entry : classes) counts[entry.name] = entry.count;
  return counts;
}

std::string hex_text(const Rgb8& colour) {
  char text[8];
  std::snprintf(text, sizeof text, "#%02x%02x%02x", colour.r, colour.g, colour.b);
  return text;
}

}  // namespace

std::string report_text(const DatasetReport& report) {
  std::string text = std::to_string(report.sprites) + " sprites in " + std::to_string(report.classes.size()) +
                     (report.classes.size() == 1 ? " class\n" : " classes\n") + class_lines(report.classes);
  for (const auto& note : report.notes) text += note + "\n";
  std::vector<std::string> sizes;
  for (const auto& size : report.sizes) sizes.push_back(size_text(size));
  text += "sizes    " + some_files(sizes) + "\n";
  text += "colours  " + std::to_string(report.fewest_colours) + " to " + std::to_string(report.most_colours) +
          " a sprite, mostly " + std::to_string(report.median_colours) + "; " + std::to_string(report.colours) + " in all" +
          (report.palette ? ": one palette fits all sprites\n" : ": too many for one palette\n");
  text += "alpha    none " + std::to_string(report.alpha_none) + ", hard " + std::to_string(report.alpha_hard) + ", soft " +
          std::to_string(report.alpha_soft) + "\n";
  if (!report.flip_classes.empty()) text += "flips    " + joined(report.flip_classes, ", ") + "\n";
  if (report.findings.empty()) return text + "nothing to fix\n";
  text += "\nto fix, with the options of `spritekiln dataset convert`:\n";
  for (const auto& finding : report.findings) text += finding_text(finding);
  return text;
}

json report_json(const DatasetReport& report) {
  json sizes = json::array(), backgrounds = json::array(), findings = json::array(), palette = nullptr;
  for (const auto& size : report.sizes)
    sizes.push_back(
        {{"width", size.width}, {"height", size.height}, {"count", size.count}, {"grid", size.grid}, {"example", size.example}});
  for (const auto& suspect : report.backgrounds)
    backgrounds.push_back({{"file", suspect.file}, {"colour", hex_text(suspect.colour)}});
  for (const auto& finding : report.findings)
    findings.push_back({{"id", finding.key.id},
                        {"message", finding.message},
                        {"fix", finding.advice},
                        {"flag", flags_that_mend(finding)},
                        {"files", finding.files}});
  if (report.palette) {
    palette = json::array();
    for (const auto& colour : report.palette->colours) palette.push_back(hex_text(colour));
  }
  return {{"path", report.path},
          {"sprites", report.sprites},
          {"classes", class_json(report.classes)},
          {"sizes", sizes},
          {"equal", report.equal},
          {"near", report.near},
          {"colours",
           {{"fewest", report.fewest_colours},
            {"median", report.median_colours},
            {"most", report.most_colours},
            {"all", report.colours},
            {"palette", palette}}},
          {"alpha", {{"none", report.alpha_none}, {"hard", report.alpha_hard}, {"soft", report.alpha_soft}}},
          {"backgrounds", backgrounds},
          {"flip_classes", report.flip_classes},
          {"left_out", left_out_json(report.left_out)},
          {"passed_over", report.passed_over},
          {"notes", report.notes},
          {"findings", findings}};
}

std::string written_text(const DatasetWritten& written) {
  int sprites = 0;
  for (const auto& entry : written.classes) sprites += entry.count;
  std::string text = std::to_string(sprites) + " sprites in " + std::to_string(written.classes.size()) +
                     (written.classes.size() == 1 ? " class\n" : " classes\n") + class_lines(written.classes);
  for (const auto& note : written.notes) text += note + "\n";
  for (const auto& entry : written.left_out)
    text += "left out: " + entry.file + ": " + entry.error.message + "; " + entry.error.hint + "\n";
  return text + written.path + "\n";
}

json written_json(const DatasetWritten& written) {
  return {{"path", written.path},
          {"classes", class_json(written.classes)},
          {"left_out", left_out_json(written.left_out)},
          {"notes", written.notes}};
}

}  // namespace kiln
