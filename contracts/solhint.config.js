module.exports = {
  extends: "solhint:recommended",
  rules: {
    // Since Solidity 0.7 a constructor has no visibility.
    "func-visibility": ["warn", { ignoreConstructors: true }],
    // Readers search by numbers and accounts; versions, counts and votes are only data.
    "gas-indexed-events": "off",
    // A bound is written as the rule states it.
    "gas-strict-inequalities": "off",
    // The getter of an immutable is called like that of any other state.
    "immutable-vars-naming": ["warn", { immutablesAsConstants: false }],
    // A comment says what names do not: no tag repeats a parameter's or an event's name, and git knows the authors.
    "use-natspec": ["warn", Object.fromEntries(["author", "notice", "param", "return"].map((tag) => [tag, { enabled: false }]))],
  },
};
