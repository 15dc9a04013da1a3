#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

namespace kiln::test {

// Files that claim to be large and are: holes in the file system stand for their zeros, so that they cost neither disk nor time.

struct LargeTensor {
  std::string name;
  std::vector<std::int64_t> shape;

  std::uint64_t elements() const {
    std::uint64_t count = 1;
    for (const auto size : shape) count *= static_cast<std::uint64_t>(size);
    return count;
  }
};

inline std::string little_endian(std::uint64_t value, int width) {
  std::string bytes;
  for (int i = 0; i < width; ++i) bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}

// A safetensors file of zeros in fp32.
inline void write_large_safetensors(const std::filesystem::path& path, const std::vector<LargeTensor>& tensors) {
  std::string header = "{";
  std::uint64_t at = 0;
  for (const auto& tensor : tensors) {
    std::string shape;
    for (const auto size : tensor.shape) shape += (shape.empty() ? "" : ",") + std::to_string(size);
    const std::uint64_t end = at + 4 * tensor.elements();
    header += (header.size() > 1 ? ",\"" : "\"") + tensor.name + R"(":{"dtype":"F32","shape":[)" + shape + R"(],"data_offsets":[)" +
              std::to_string(at) + "," + std::to_string(end) + "]}";
    at = end;
  }
  header += "}";
  std::ofstream(path, std::ios::binary) << little_endian(header.size(), 8) << header;
  std::filesystem::resize_file(path, 8 + header.size() + at);
}

inline std::string pickled_text(const std::string& text) { return "X" + little_endian(text.size(), 4) + text; }
inline std::string pickled_number(std::uint64_t value) { return "\x8a\x08" + little_endian(value, 8); }

// What torch.save writes for an OrderedDict of these tensors, each contiguous in a storage of its own.
inline std::string pickled_state(const std::vector<LargeTensor>& tensors) {
  const std::string ordered_dict = "ccollections\nOrderedDict\n)R";
  std::string text = "\x80\x02" + ordered_dict + "(";
  for (std::size_t i = 0; i < tensors.size(); ++i) {
    std::string shape, strides;
    std::uint64_t stride = tensors[i].elements();
    for (const auto size : tensors[i].shape) {
      stride /= static_cast<std::uint64_t>(size);
      shape += pickled_number(static_cast<std::uint64_t>(size));
      strides += pickled_number(stride);
    }
    text += pickled_text(tensors[i].name) + "ctorch._utils\n_rebuild_tensor_v2\n((" + pickled_text("storage") +
            "ctorch\nFloatStorage\n" + pickled_text(std::to_string(i)) + pickled_text("cpu") +
            pickled_number(tensors[i].elements()) + "tQ" + pickled_number(0) + "(" + shape + "t(" + strides + "t\x89" +
            ordered_dict + "tR";
  }
  return text + "u.";
}

// A ZIP archive (zip64) of stored members: a name, its first bytes, and its size.
struct LargeMember {
  std::string name, content;
  std::uint64_t size = 0;
};

inline void write_large_zip(const std::filesystem::path& path, const std::vector<LargeMember>& members) {
  std::ofstream file(path, std::ios::binary);
  std::string directory;
  const std::string none(4, '\xff');
  for (const auto& member : members) {
    const auto at = static_cast<std::uint64_t>(file.tellp());
    const std::string both = little_endian(member.size, 8) + little_endian(member.size, 8);
    // Version; flags, method, time and checksum, all 0; sizes.
    const std::string middle = little_endian(45, 2) + std::string(12, '\0') + none + none + little_endian(member.name.size(), 2);
    file << "PK\x03\x04" << middle << little_endian(20, 2) << member.name << little_endian(1, 2) << little_endian(16, 2) << both
         << member.content;
    file.seekp(static_cast<std::streamoff>(member.size - member.content.size()), std::ios::cur);
    directory += "PK\x01\x02" + little_endian(45, 2) + middle + little_endian(28, 2) + std::string(10, '\0') + none + member.name +
                 little_endian(1, 2) + little_endian(24, 2) + both + little_endian(at, 8);
  }
  const auto begin = static_cast<std::uint64_t>(file.tellp());
  file << directory;
  const std::uint64_t end = begin + directory.size();
  const std::string count = little_endian(members.size(), 8), version = little_endian(45, 2);
  file << "PK\x06\x06" << little_endian(44, 8) << version << version << std::string(8, '\0') << count << count
       << little_endian(directory.size(), 8) << little_endian(begin, 8);
  file << "PK\x06\x07" << std::string(4, '\0') << little_endian(end, 8) << little_endian(1, 4);
  file << "PK\x05\x06" << std::string(4, '\0') << std::string(4, '\xff') << none << none << std::string(2, '\0');
}

inline void write_large_checkpoint(const std::filesystem::path& path, const std::vector<LargeTensor>& tensors) {
  const std::string structure = pickled_state(tensors);
  std::vector<LargeMember> members = {{"model/data.pkl", structure, structure.size()}};
  for (std::size_t i = 0; i < tensors.size(); ++i)
    members.push_back({"model/data/" + std::to_string(i), "", 4 * tensors[i].elements()});
  write_large_zip(path, members);
}

// A language model of seven billion numbers, as such files name them.
inline std::vector<LargeTensor> language_model() {
  std::vector<LargeTensor> tensors = {{"model.embed_tokens.weight", {32000, 4096}}};
  for (int i = 0; i < 32; ++i) {
    const std::string layer = "model.layers." + std::to_string(i);
    for (const char* part : {"q_proj", "k_proj", "v_proj", "o_proj"}) {
      tensors.push_back({layer + ".self_attn." + part + ".weight", {4096, 4096}});
    }
    for (const char* part : {"gate_proj", "up_proj"}) tensors.push_back({layer + ".mlp." + part + ".weight", {11008, 4096}});
    tensors.push_back({layer + ".mlp.down_proj.weight", {4096, 11008}});
    tensors.push_back({layer + ".input_layernorm.weight", {4096}});
  }
  tensors.push_back({"lm_head.weight", {32000, 4096}});
  return tensors;
}

// A text-to-image network: it has all the names by which a UNet2DModel is known, and more.
inline std::vector<LargeTensor> conditional_unet() {
  return {{"conv_in.weight", {320, 4, 3, 3}},
          {"time_embedding.linear_1.weight", {1280, 320}},
          {"down_blocks.0.resnets.0.conv1.weight", {320, 320, 3, 3}},
          {"down_blocks.0.attentions.0.transformer_blocks.0.attn2.to_k.weight", {320, 768}},
          {"mid_block.resnets.0.conv1.weight", {1280, 1280, 3, 3}},
          {"up_blocks.0.resnets.0.conv1.weight", {1280, 2560, 3, 3}},
          {"up_blocks.1.resnets.0.conv1.weight", {1280, 2560, 3, 3}},
          {"conv_norm_out.weight", {320}}};
}

}  // namespace kiln::test
