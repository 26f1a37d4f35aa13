"use strict";
// Shows /openapi.json: each operation with its parameters, answers and a button that sends it where no body is needed.

const make = (tag, attributes = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), attributes);
  element.append(...children);
  return element;
};

const typeText = (schema) => {
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.anyOf) return schema.anyOf.map(typeText).join(" | ");
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.type === "array") return `${typeText(schema.items)}[]`;
  return schema.format ? `${schema.type} (${schema.format})` : schema.type;
};

const limits = (schema) =>
  ["default", "minimum", "maximum", "minLength", "maxLength"]
    .filter((name) => schema[name] !== undefined)
    .map((name) => `${name} ${JSON.stringify(schema[name])}`)
    .join(", ");

const row = (...cells) => make("tr", {}, ...cells.map((cell) => make("td", {}, cell)));

const tryButton = (method, path, parameters) => {
  const inputs = parameters.map((parameter) => ({ parameter, input: make("input", { placeholder: parameter.name }) }));
  const output = make("pre");
  const send = async () => {
    let url = path;
    const query = new URLSearchParams();
    const headers = {};
    for (const { parameter, input } of inputs) {
      if (!input.value) continue;
      if (parameter.in === "path") url = url.replace(`{${parameter.name}}`, encodeURIComponent(input.value));
      else if (parameter.in === "query") query.set(parameter.name, input.value);
      else headers[parameter.name] = input.value;
    }
    const answer = await fetch(query.size ? `${url}?${query}` : url, { method, headers });
    const isText = /json|text/.test(answer.headers.get("content-type") ?? "");
    output.textContent = `${answer.status} ${answer.statusText}\n\n` + (isText ? await answer.text() : "(not text)");
  };
  return make("div", {}, ...inputs.map(({ input }) => input), make("button", { onclick: send }, "Send"), output);
};

const showOperation = (method, path, operation, shared) => {
  const details = make("details", {}, make("summary", {},
    make("span", { className: "method" }, method.toUpperCase()), make("code", {}, path), ` ${operation.summary}`));
  const parameters = operation.parameters ?? [];
  const fields = Object.entries(Object.values(operation.requestBody?.content ?? {})[0]?.schema.properties ?? {});
  const table = make("table");
  for (const { name, in: place, schema, description } of parameters) {
    table.append(row(make("code", {}, name), place, typeText(schema), description ?? schema.description ?? limits(schema)));
  }
  for (const [name, schema] of fields) {
    table.append(row(make("code", {}, name), "form", typeText(schema), `${schema.description ?? ""} ${limits(schema)}`));
  }
  const answers = make("table");
  for (const [status, own] of Object.entries(operation.responses)) {
    const answer = own.$ref ? shared[own.$ref.split("/").pop()] : own;
    const content = Object.entries(answer.content ?? {}).map(([type, { schema }]) => `${type}: ${typeText(schema)}`);
    answers.append(row(status, answer.description, content.join(", ")));
  }
  details.append(table, make("h4", {}, "Answers"), answers);
  if (!operation.requestBody) details.append(tryButton(method.toUpperCase(), path, parameters));
  return details;
};

const showType = ([name, schema]) => {
  const table = make("table");
  for (const [member, type] of Object.entries(schema.properties ?? {})) {
    table.append(row(make("code", {}, member), typeText(type), type.description ?? limits(type)));
  }
  return make("details", {}, make("summary", {}, make("code", {}, name)), schema.enum ? typeText(schema) : table);
};

const show = async () => {
  const api = await (await fetch("/openapi.json")).json();
  document.getElementById("about").textContent = `${api.info.summary}. Contract ${api.info.version}.`;
  for (const [path, operations] of Object.entries(api.paths)) {
    for (const [method, operation] of Object.entries(operations)) {
      if (method === "head") continue;
      document.getElementById("operations").append(showOperation(method, path, operation, api.components.responses));
    }
  }
  document.getElementById("types").append(...Object.entries(api.components.schemas).map(showType));
};

show();
