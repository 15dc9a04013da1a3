#include "engine/training/run_record.h"

#include <nlohmann/json.hpp>

#include "engine/api/dataset_json.h"
#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/training/run_folder.h"

namespace kiln {

using nlohmann::json;

std::string record_to_json(const RunRecord& record) {
  const json out = {{"source", record.source},   {"preprocessing", record.preprocessing},
                    {"out", record.out},         {"init", record.init},
                    {"credits", record.credits}, {"licence", record.licence}};
  return out.dump(2, ' ', false, json::error_handler_t::replace);
}

RunRecord record_from_json(const std::string& text, const std::string& name) {
  try {
    const json in = json::parse(text);
    return {in.at("source").get<SpriteSource>(),
            in.at(in.contains("preprocessing") ? "preprocessing" : "remedies").get<Preprocessing>(),
            in.value("out", ""),
            in.value("init", ""),
            in.value("credits", ""),
            in.value("licence", "")};
  } catch (const json::exception& error) {
    throw Failure(ErrorCode::kCorrupt, name + " does not tell where the run's sprites come from", "name them with --data",
                  error.what());
  }
}

RunRecord read_record(const std::filesystem::path& run) {
  const auto file = data_file(run);
  return record_from_json(read_text(file), "“" + file.string() + "”");
}

}  // namespace kiln
